import { Option } from '@commander-js/extra-typings';
import { invalid } from './usage.ts';

/** An option that takes any text but a blank one, which a variable of a script that is not set gives. */
export function textOption<const Flags extends string>(flags: Flags, description: string) {
  const flag = flags.replace(/ .*$/, '');
  return new Option(flags, description).argParser((text: string): string => {
    if (text.trim() !== '') return text;
    throw invalid(flag, text, 'it may not be empty');
  });
}
