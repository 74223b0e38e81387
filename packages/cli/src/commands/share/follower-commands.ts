import { Argument, Option } from '@commander-js/extra-typings';
import type { Permission } from '@egvkit/protocol/share';
import { choiceArgument, choiceOption } from '../../options/choice.ts';
import { numberOption, type Range } from '../../options/number.ts';
import { YES_OPTION } from '../../options/share-account.ts';
import { UNITS_OPTION } from '../../options/units.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Run } from '../base.ts';
import type { Share } from './group.ts';

const PERMISSIONS: Readonly<Record<Permission, string>> = {
  graph: 'the graph and alerts',
  alertsOnly: 'the newest value and alerts',
};

/** The ranges are the protocol's, which checks them. */
const ANY_NUMBER: Range = [0, 100_000];

const NAME = () => new Argument('<name>', 'name of the follower, or an id that "list" prints');

/** `egvkit share followers` without its commands. */
function createFollowers(share: Share) {
  return share
    .command('followers')
    .summary('list, invite and manage followers')
    .description('Lists, invites and manages the people who follow the account.')
    .addHelpText('after', exampleText('egvkit share followers list --region us --account NAME'));
}

type Followers = ReturnType<typeof createFollowers>;

export function defineFollowers(share: Share, run: Run): void {
  const followers = createFollowers(share);
  defineList(followers, run);
  defineInvite(followers, run);
  defineChanges(followers, run);
  definePauses(followers, run);
}

const ACCOUNT = '--region us --account NAME';

function defineList(followers: Followers, run: Run): void {
  followers
    .command('list')
    .summary('list who follows, and who is invited')
    .description('Lists who follows, who is invited, what each may see, and their ids.')
    .addHelpText('after', exampleText(`egvkit share followers list ${ACCOUNT}`))
    .action((_options, command) =>
      run(async (io) => {
        const { listFollowers } = await import('./followers-action.ts');
        return await listFollowers(command.optsWithGlobals(), io);
      }),
    );
  followers
    .command('alerts')
    .summary('show the alerts of a follower')
    .description('Shows the alerts of a follower. Only the follower can change them.')
    .addArgument(NAME())
    .addOption(UNITS_OPTION)
    .addHelpText('after', exampleText(`egvkit share followers alerts Grandma ${ACCOUNT}`))
    .action((name, _options, command) =>
      run(async (io) => {
        const { showAlerts } = await import('./followers-action.ts');
        return await showAlerts(name, command.optsWithGlobals(), io);
      }),
    );
}

function defineInvite(followers: Followers, run: Run): void {
  followers
    .command('invite')
    .summary('have Dexcom invite somebody to follow')
    .description(
      'Has Dexcom send an e-mail that invites somebody to follow. The invitation is good for seven days. Asks first.',
    )
    .addArgument(new Argument('<name>', 'name of the follower, as you choose it'))
    .addArgument(new Argument('<email>', 'e-mail address of the follower'))
    .addOption(
      new Option('--display-name <text>', "the wearer's name that the follower sees (--account)"),
    )
    .addOption(
      choiceOption(
        '--permissions <what>',
        'what the follower sees: graph (default) or alertsOnly',
        PERMISSIONS,
      ),
    )
    .addOption(numberOption('--high <mg/dL>', 'alert the follower above this', ANY_NUMBER))
    .addOption(numberOption('--low <mg/dL>', 'alert the follower below this', ANY_NUMBER))
    .addOption(
      numberOption('--urgent-low <mg/dL>', 'alert the follower urgently below this', ANY_NUMBER),
    )
    .addOption(
      numberOption(
        '--missing-data <minutes>',
        'alert the follower without readings for this long',
        ANY_NUMBER,
      ),
    )
    .addOption(YES_OPTION)
    .addHelpText(
      'after',
      exampleText(
        'egvkit share followers invite Grandma grandma@example.com --low 70 \\',
        `  ${ACCOUNT}`,
      ),
    )
    .action((name, email, _options, command) =>
      run(async (io) => {
        const { inviteFollower } = await import('./followers-action.ts');
        return await inviteFollower(name, email, command.optsWithGlobals(), io);
      }),
    );
}

function defineChanges(followers: Followers, run: Run): void {
  followers
    .command('remove')
    .summary('remove a follower, or take an invitation back')
    .description('Removes a follower, or takes an invitation back. Asks first.')
    .addArgument(NAME())
    .addOption(YES_OPTION)
    .addHelpText('after', exampleText(`egvkit share followers remove Grandma ${ACCOUNT}`))
    .action((name, _options, command) =>
      run(async (io) => {
        const { removeFollower } = await import('./followers-action.ts');
        return await removeFollower(name, command.optsWithGlobals(), io);
      }),
    );
  followers
    .command('rename')
    .summary('give a follower another name')
    .description('Gives a follower another name. Asks first.')
    .addArgument(NAME())
    .addArgument(new Argument('<new-name>', 'new name of the follower'))
    .addOption(YES_OPTION)
    .addHelpText('after', exampleText(`egvkit share followers rename Grandma Nana ${ACCOUNT}`))
    .action((name, newName, _options, command) =>
      run(async (io) => {
        const { renameFollower } = await import('./followers-action.ts');
        return await renameFollower(name, newName, command.optsWithGlobals(), io);
      }),
    );
  followers
    .command('permissions')
    .summary('choose what a follower may see')
    .description('Chooses what a follower may see. Asks first.')
    .addArgument(NAME())
    .addArgument(
      choiceArgument(
        '<permission>',
        'permission: graph or alertsOnly (the newest value and alerts)',
        PERMISSIONS,
      ),
    )
    .addOption(YES_OPTION)
    .addHelpText(
      'after',
      exampleText('egvkit share followers permissions Grandma alertsOnly \\', `  ${ACCOUNT}`),
    )
    .action((name, permission, _options, command) =>
      run(async (io) => {
        const { setPermissions } = await import('./followers-action.ts');
        return await setPermissions(name, permission, command.optsWithGlobals(), io);
      }),
    );
}

function definePauses(followers: Followers, run: Run): void {
  followers
    .command('pause')
    .summary('show a follower nothing for now')
    .description('Shows a follower nothing until the pause is ended with "resume". Asks first.')
    .addArgument(NAME())
    .addOption(YES_OPTION)
    .addHelpText('after', exampleText(`egvkit share followers pause Grandma ${ACCOUNT}`))
    .action((name, _options, command) =>
      run(async (io) => {
        const { pauseFollower } = await import('./followers-action.ts');
        return await pauseFollower(name, command.optsWithGlobals(), io);
      }),
    );
  followers
    .command('resume')
    .summary('end a pause')
    .description('Ends the pause of a follower. Asks first.')
    .addArgument(NAME())
    .addOption(YES_OPTION)
    .addHelpText('after', exampleText(`egvkit share followers resume Grandma ${ACCOUNT}`))
    .action((name, _options, command) =>
      run(async (io) => {
        const { resumeFollower } = await import('./followers-action.ts');
        return await resumeFollower(name, command.optsWithGlobals(), io);
      }),
    );
}
