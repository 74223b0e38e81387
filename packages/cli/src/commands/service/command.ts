import { PRINT_OPTION, SYSTEM_OPTION, USER_OPTION } from '../../options/service.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

export function defineService(root: Root, run: Run): void {
  const service = root
    .command('service')
    .summary('install, remove or look at the service that uploads unattended')
    .description(
      'Lets this computer run "egvkit upload --watch" by itself, from its start: as a systemd unit on Linux, a launchd agent on macOS, a scheduled task on Windows. Run "egvkit setup" first.',
    )
    .addHelpText('after', exampleText('egvkit service install'));
  service
    .command('install')
    .summary('install the service and start it')
    .description(
      'Installs the service and starts it. Run it again after an update or with another password: what is as it should be is left alone. As root it also installs the udev rule for receivers.',
    )
    .addOption(USER_OPTION)
    .addOption(SYSTEM_OPTION)
    .addOption(PRINT_OPTION)
    .addHelpText('after', exampleText('egvkit service install', 'egvkit service install --print'))
    .action((_options, command) =>
      run(async (io) => {
        const { install } = await import('./action.ts');
        return await install(command.optsWithGlobals(), io);
      }),
    );
  service
    .command('uninstall')
    .summary('stop the service and remove it')
    .description(
      'Stops the service and removes the files that its installation wrote, and says which. Settings, passwords and the notes of what was uploaded stay.',
    )
    .addOption(USER_OPTION)
    .addOption(SYSTEM_OPTION)
    .addHelpText('after', exampleText('egvkit service uninstall'))
    .action((_options, command) =>
      run(async (io) => {
        const { uninstall } = await import('./action.ts');
        return await uninstall(command.optsWithGlobals(), io);
      }),
    );
  service
    .command('status')
    .summary('say whether the service runs')
    .description(
      'Says whether the service runs, and why not if it does not. What it uploads says "egvkit status".',
    )
    .addOption(USER_OPTION)
    .addOption(SYSTEM_OPTION)
    .addHelpText('after', exampleText('egvkit service status'))
    .action((_options, command) =>
      run(async (io) => {
        const { status } = await import('./action.ts');
        return await status(command.optsWithGlobals(), io);
      }),
    );
  // For launchd and the Task Scheduler, which know no exit codes.
  service
    .command('run', { hidden: true })
    .addHelpText('after', exampleText('egvkit service run'))
    .action(() =>
      run(async (io) => {
        const { supervise } = await import('../../service/supervisor.ts');
        return await supervise(io);
      }),
    );
}
