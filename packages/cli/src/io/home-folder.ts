import { homedir, userInfo } from 'node:os';
import { UsageError } from '../options/usage.ts';

/**
 * Path of the user's home: HOME, which set to nothing is not set, or what the system knows of the user.
 *
 * @throws UsageError where there is none, as for a user that is only a number in a container
 */
export function homeFolder(): string {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find();
      if (home !== '') return home;
    } catch {
      // The system knows no such user.
    }
  }
  throw new UsageError('This user has no home folder.', {
    help: [
      'Set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME, to a folder that this user may write to.',
    ],
  });
}
