import { group } from './group.ts';
import {
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
} from './shareFollowerCommands.ts';
import { readingsCommand, watchCommand } from './shareReadingCommands.ts';

/** Everything a Share account can be asked and told. */
export const shareCommand = group('share', {
  login: loginCommand,
  readings: readingsCommand,
  watch: watchCommand,
  followers: group('share followers', {
    list: followersListCommand,
    invite: followersInviteCommand,
    remove: followersRemoveCommand,
    rename: followersRenameCommand,
    pause: followersPauseCommand,
    resume: followersResumeCommand,
    permissions: followersPermissionsCommand,
    alerts: followersAlertsCommand,
  }),
  receiver: group('share receiver', {
    check: receiverCheckCommand,
    assign: receiverAssignCommand,
  }),
  monitoring: group('share monitoring', {
    status: monitoringStatusCommand,
    start: monitoringStartCommand,
    stop: monitoringStopCommand,
  }),
});
