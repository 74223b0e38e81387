import { Option } from '@commander-js/extra-typings';
import type { ServiceBehaviour } from '@egvkit/share-emulator';
import { choiceOption } from '../../options/choice.ts';
import { daysOption, numberOption, SEED_OPTION } from '../../options/number.ts';
import { PROFILE_OPTION } from '../../options/profile.ts';
import { textOption } from '../../options/text.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

const GENERATIONS: Readonly<Record<ServiceBehaviour['generation'], string>> = {
  current: 'as the service answers today',
  '2015': 'as it did in 2015',
};

/** `egvkit emulate` without its commands. */
function createEmulate(root: Root) {
  return root
    .command('emulate')
    .summary('run a receiver or a Share service of your own, to try things with')
    .description(
      'Runs an emulated receiver or an emulated Share service on this computer, to try things without either.',
    )
    .addHelpText('after', exampleText('egvkit help emulate receiver'));
}

type Emulate = ReturnType<typeof createEmulate>;

export function defineEmulate(root: Root, run: Run): void {
  const emulate = createEmulate(root);
  defineReceiver(emulate, run);
  defineService(emulate, run);
}

function defineReceiver(emulate: Emulate, run: Run): void {
  emulate
    .command('receiver')
    .summary('a receiver on a serial port')
    .description(
      'Runs an emulated receiver and prints its port, until it is interrupted with Ctrl-C. A new reading comes every five minutes.',
    )
    .addOption(PROFILE_OPTION)
    .addOption(daysOption('how many days back its readings go (30)', 0))
    .addOption(SEED_OPTION)
    .addOption(new Option('--timing', 'answer as slowly as a real receiver'))
    .addOption(
      new Option(
        '--time-lost <what>',
        'emulate a clock that lost time: stood:3h@2h (stood still for 3 h, until 2 h ago), ran-back:3h@2h or restarted@2h; after another colon the signs that it left: flag, session, offset or none (default: all)',
      ),
    )
    .addOption(
      textOption(
        '--link <path>',
        'a symbolic link to the port, so that its name is known beforehand',
      ),
    )
    .addHelpText('after', exampleText('egvkit emulate receiver --profile g6'))
    .action((_options, command) =>
      run(async (io) => {
        const { emulateReceiver } = await import('./receiver-action.ts');
        return await emulateReceiver(command.optsWithGlobals(), io);
      }),
    );
}

function defineService(emulate: Emulate, run: Run): void {
  emulate
    .command('share')
    .summary('a Share service')
    .description(
      'Runs an emulated Share service and prints its address, until it is interrupted with Ctrl-C. With --verbose it prints a line for every request.',
    )
    .addOption(numberOption('--port <n>', 'port to listen on; a free one by default', [0, 65_535]))
    .addOption(textOption('--db <file>', 'keep everything in an SQLite file; in memory by default'))
    .addOption(
      new Option(
        '--account <name>',
        'name of an account, may be repeated; its password comes from DEXCOM_PASSWORD_FILE, DEXCOM_PASSWORD or is asked for (without any account one is created)',
      ).argParser((name: string, before: readonly string[] | undefined) => [
        ...(before ?? []),
        name,
      ]),
    )
    .addOption(textOption('--accounts <file>', 'accounts from a file with lines NAME:PASSWORD'))
    .addOption(daysOption('fill accounts without readings with n days of generated ones', 1))
    .addOption(SEED_OPTION)
    .addOption(new Option('--still', 'generate no new readings while the service runs'))
    .addOption(
      choiceOption(
        '--generation <year>',
        'answer as the service did in 2015 (egvkit share needs --login-way oneStep then)',
        GENERATIONS,
      ),
    )
    .addOption(
      new Option('--admin', 'let programs on this computer set failures, at /egvkit/admin/'),
    )
    .addOption(textOption('--host <address>', 'address to listen on; 127.0.0.1 by default'))
    .addOption(
      new Option('--allow-network', 'let other computers connect; passwords are sent unencrypted'),
    )
    .addOption(
      new Option(
        '--allow-host <name>',
        'host name in requests, besides its address and localhost; may be repeated, others are refused',
      ).argParser((name: string, before: readonly string[] | undefined) => [
        ...(before ?? []),
        name,
      ]),
    )
    .addHelpText('after', exampleText('egvkit emulate share --days 30'))
    .action((_options, command) =>
      run(async (io) => {
        const { emulateShare } = await import('./share-action.ts');
        return await emulateShare(command.optsWithGlobals(), io);
      }),
    );
}
