import { group } from './group.ts';
import {
  LOGIN_FLAGS,
  loginCommand,
  monitoringStartCommand,
  monitoringStatusCommand,
  monitoringStopCommand,
  receiverAssignCommand,
  receiverCheckCommand,
} from './shareAccountCommands.ts';
import {
  followersAlertsCommand,
  followersInviteCommand,
  followersListCommand,
  followersPauseCommand,
  followersPermissionsCommand,
  followersRemoveCommand,
  followersRenameCommand,
  followersResumeCommand,
  INVITE_FLAGS,
} from './shareFollowerCommands.ts';
import { READ_FLAGS, readingsCommand, watchCommand } from './shareReadingCommands.ts';

/** Of all the commands below. */
const FLAGS = { ...LOGIN_FLAGS, ...READ_FLAGS, ...INVITE_FLAGS } as const;

/** Everything a Share account can be asked and told. */
export const shareCommand = group(
  'share',
  {
    login: loginCommand,
    readings: readingsCommand,
    watch: watchCommand,
    followers: group(
      'share followers',
      {
        list: followersListCommand,
        invite: followersInviteCommand,
        remove: followersRemoveCommand,
        rename: followersRenameCommand,
        pause: followersPauseCommand,
        resume: followersResumeCommand,
        permissions: followersPermissionsCommand,
        alerts: followersAlertsCommand,
      },
      FLAGS,
    ),
    receiver: group(
      'share receiver',
      { check: receiverCheckCommand, assign: receiverAssignCommand },
      FLAGS,
    ),
    monitoring: group(
      'share monitoring',
      {
        status: monitoringStatusCommand,
        start: monitoringStartCommand,
        stop: monitoringStopCommand,
      },
      FLAGS,
    ),
  },
  FLAGS,
);
