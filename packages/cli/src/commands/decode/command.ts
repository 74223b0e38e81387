import { Argument } from '@commander-js/extra-typings';
import { choiceArgument } from '../../options/choice.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';
import { KINDS } from './kinds.ts';

export function defineDecode(root: Root, run: Run): void {
  root
    .command('decode')
    .summary('decode bytes that came from a receiver')
    .description(
      'Decodes bytes that came from a receiver, binary or as hexadecimal text, and prints a JSON object a line for what they hold. Damaged bytes are printed with their place.',
    )
    .addArgument(choiceArgument('<kind>', 'kind of bytes: packet or page', KINDS))
    .addArgument(new Argument('[file]', 'file with the bytes; standard input if left out or -'))
    .addHelpText('after', exampleText('egvkit decode page backup.bin'))
    .action((kind, file) =>
      run(async (io) => {
        const { decodeBytes } = await import('./action.ts');
        return await decodeBytes(kind, file, io);
      }),
    );
}
