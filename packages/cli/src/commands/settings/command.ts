import { Argument } from '@commander-js/extra-typings';
import { exampleText } from '../../output/help-text.ts';
import { SETTING_NAMES } from '../../settings/settings.ts';
import type { Root, Run } from '../base.ts';

const NAME = () => {
  const argument = new Argument('<name>', 'setting: region, account, units … (egvkit settings)');
  argument.argChoices = [...SETTING_NAMES];
  return argument;
};

export function defineSettings(root: Root, run: Run): void {
  const settings = root
    .command('settings')
    .summary('show or change what need not be said each time')
    .description(
      'Shows or changes settings: account, units, receiver and destinations, so that they need not be said each time. An option goes before them, and so does an environment variable. A password is never one of them.',
    )
    .addHelpText('after', exampleText('egvkit settings', 'egvkit settings set units mmol/L'));
  settings
    .command('show', { isDefault: true })
    .summary('show the settings, and where each comes from')
    .description(
      'Shows the settings, and where each comes from: an environment variable, the file of settings, or the default.',
    )
    .addHelpText('after', exampleText('egvkit settings show'))
    .action((_options, command) =>
      run(async (io) => {
        const { showSettings } = await import('./action.ts');
        return await showSettings(command.optsWithGlobals(), io);
      }),
    );
  settings
    .command('set')
    .summary('change a setting')
    .description('Changes a setting in the file of settings.')
    .addArgument(NAME())
    .addArgument(new Argument('<value...>', 'value of the setting (several for destinations)'))
    .addHelpText(
      'after',
      exampleText('egvkit settings set units mmol/L', 'egvkit settings set destinations share'),
    )
    .action((name, value, _options, command) =>
      run(async (io) => {
        const { setSetting } = await import('./action.ts');
        return await setSetting(name, value, command.optsWithGlobals(), io);
      }),
    );
  settings
    .command('unset')
    .summary('remove a setting')
    .description('Removes a setting from the file of settings.')
    .addArgument(NAME())
    .addHelpText('after', exampleText('egvkit settings unset serial'))
    .action((name, _options, command) =>
      run(async (io) => {
        const { unsetSetting } = await import('./action.ts');
        return await unsetSetting(name, command.optsWithGlobals(), io);
      }),
    );
}
