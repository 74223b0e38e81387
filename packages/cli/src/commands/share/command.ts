import { Argument, Option } from '@commander-js/extra-typings';
import { numberOption } from '../../options/number.ts';
import { YES_OPTION } from '../../options/share-account.ts';
import { UNITS_OPTION } from '../../options/units.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';
import { defineFollowers } from './follower-commands.ts';
import { createShare, type Share } from './group.ts';

export function defineShare(root: Root, run: Run): void {
  const share = createShare(root);
  defineLogin(share, run);
  defineReadings(share, run);
  defineFollowers(share, run);
  defineReceiver(share, run);
  defineMonitoring(share, run);
  defineForget(share, run);
}

function defineLogin(share: Share, run: Run): void {
  share
    .command('login')
    .summary('find out whether name and password are right')
    .description(
      'Logs in once, to find out whether name and password are right. A refused login is not sent again, because refusals lock the account.',
    )
    .addOption(
      new Option(
        '--again',
        'send once more a login that was refused before, if it should be right now',
      ),
    )
    .addOption(
      new Option('--keep', 'keep the password in the keyring of the system, if it is right'),
    )
    .addHelpText('after', exampleText('egvkit share login --region us --account NAME'))
    .action((_options, command) =>
      run(async (io) => {
        const { logIn } = await import('./account-action.ts');
        return await logIn(command.optsWithGlobals(), io);
      }),
    );
}

function defineForget(share: Share, run: Run): void {
  share
    .command('forget')
    .summary('remove the password from the keyring of the system')
    .description(
      'Removes the password of the account from the keyring of the system, in which "egvkit share login --keep" keeps it.',
    )
    .addHelpText('after', exampleText('egvkit share forget --region us --account NAME'))
    .action((_options, command) =>
      run(async (io) => {
        const { forgetPassword } = await import('./account-action.ts');
        return await forgetPassword(command.optsWithGlobals(), io);
      }),
    );
}

function defineReadings(share: Share, run: Run): void {
  const MANY = 10 ** 9;
  share
    .command('readings')
    .summary('print the readings of the last hours')
    .description('Prints the readings of the last hours as followers see them, the newest first.')
    .addOption(numberOption('--minutes <n>', 'of the last n minutes (1440, a day)', [1, MANY]))
    .addOption(numberOption('--count <n>', 'at most n readings (288)', [1, MANY]))
    .addOption(UNITS_OPTION)
    .addHelpText(
      'after',
      exampleText('egvkit share readings --region us --account NAME --minutes 60'),
    )
    .action((_options, command) =>
      run(async (io) => {
        const { printReadings } = await import('./readings-action.ts');
        return await printReadings(command.optsWithGlobals(), io);
      }),
    );
  share
    .command('watch')
    .summary('print each new reading as it appears')
    .description('Prints each new reading as it appears, until it is interrupted with Ctrl-C.')
    .addOption(UNITS_OPTION)
    .addHelpText('after', exampleText('egvkit share watch --region us --account NAME'))
    .action((_options, command) =>
      run(async (io) => {
        const { watchReadings } = await import('./readings-action.ts');
        return await watchReadings(command.optsWithGlobals(), io);
      }),
    );
}

const SERIAL = () => new Argument('<serial>', 'serial number of the receiver');

function defineReceiver(share: Share, run: Run): void {
  const receiver = share
    .command('receiver')
    .summary('look up or change the receiver of the account')
    .description('Looks up or changes which receiver the account takes readings of.')
    .addHelpText('after', exampleText('egvkit help share receiver assign'));
  receiver
    .command('check')
    .summary('say whether the account takes readings of a receiver')
    .description('Says whether the account takes readings of a receiver.')
    .addArgument(SERIAL())
    .addHelpText(
      'after',
      exampleText('egvkit share receiver check SM12345678 --region us --account NAME'),
    )
    .action((serialNumber, _options, command) =>
      run(async (io) => {
        const { checkReceiver } = await import('./account-action.ts');
        return await checkReceiver(serialNumber, command.optsWithGlobals(), io);
      }),
    );
  receiver
    .command('assign')
    .summary('put a receiver in the place of the one the account has')
    .description('Puts a receiver in the place of the one the account has. Asks first.')
    .addArgument(SERIAL())
    .addOption(YES_OPTION)
    .addHelpText(
      'after',
      exampleText('egvkit share receiver assign SM12345678 --region us --account NAME'),
    )
    .action((serialNumber, _options, command) =>
      run(async (io) => {
        const { assignReceiver } = await import('./account-action.ts');
        return await assignReceiver(serialNumber, command.optsWithGlobals(), io);
      }),
    );
}

function defineMonitoring(share: Share, run: Run): void {
  const monitoring = share
    .command('monitoring')
    .summary('look up, start or stop sharing')
    .description('Looks up, starts or stops sharing with followers.')
    .addHelpText('after', exampleText('egvkit share monitoring status --region us --account NAME'));
  monitoring
    .command('status')
    .summary('say whether the account is sharing')
    .description('Says whether the account is sharing.')
    .addHelpText('after', exampleText('egvkit share monitoring status --region us --account NAME'))
    .action((_options, command) =>
      run(async (io) => {
        const { showSharing } = await import('./account-action.ts');
        return await showSharing(command.optsWithGlobals(), io);
      }),
    );
  monitoring
    .command('start')
    .summary('start sharing')
    .description('Starts sharing, so that followers see the account. Asks first.')
    .addArgument(SERIAL())
    .addOption(YES_OPTION)
    .addHelpText(
      'after',
      exampleText('egvkit share monitoring start SM12345678 --region us --account NAME'),
    )
    .action((serialNumber, _options, command) =>
      run(async (io) => {
        const { startSharing } = await import('./account-action.ts');
        return await startSharing(serialNumber, command.optsWithGlobals(), io);
      }),
    );
  monitoring
    .command('stop')
    .summary('stop sharing')
    .description('Stops sharing. What followers see then is not known. Asks first.')
    .addOption(YES_OPTION)
    .addHelpText('after', exampleText('egvkit share monitoring stop --region us --account NAME'))
    .action((_options, command) =>
      run(async (io) => {
        const { stopSharing } = await import('./account-action.ts');
        return await stopSharing(command.optsWithGlobals(), io);
      }),
    );
}
