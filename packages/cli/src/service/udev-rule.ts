import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command.ts';
import { findFile } from './files.ts';
import { type Command, MARK, type ServiceFile } from './plan.ts';

const NAME = '70-dexcom-receiver.rules';

/** Path of the rule, if it is installed. */
export const RULE_PATH = join('/etc/udev/rules.d', NAME);

/** Path of the rule as `@egvkit/receiver-serial` has it. */
function packagedRulePath(): string {
  const manifest = fileURLToPath(import.meta.resolve('@egvkit/receiver-serial/package.json'));
  return join(dirname(manifest), 'udev', NAME);
}

/** The rule by which users may open a receiver, and ModemManager leaves it alone. */
export async function udevRule(): Promise<ServiceFile> {
  return { path: RULE_PATH, content: `# ${MARK}\n${await packagedRule()}` };
}

async function packagedRule(): Promise<string> {
  return await readFile(packagedRulePath(), 'utf8');
}

/** Lets udev know the rule, also of what is plugged in now. */
export const UDEV_COMMANDS: readonly Command[] = [
  ['udevadm', 'control', '--reload'],
  ['udevadm', 'trigger', '--subsystem-match=usb', '--subsystem-match=tty'],
];

/** Commands by which a person installs the rule. */
export function ruleByHand(): string {
  const copy = ['cp', packagedRulePath(), RULE_PATH];
  return [copy, ...UDEV_COMMANDS].map((command) => `sudo ${commandLine(command)}`).join(' && ');
}

/** State of the rule: there as it should be, there otherwise, or not there. */
export type RuleState = 'right' | 'different' | 'missing';

/** Looks at the rule that is installed. */
export async function ruleState(): Promise<RuleState> {
  const found = await findFile({ path: RULE_PATH });
  if (found === undefined) return 'missing';
  const [ours, theirs] = [await packagedRule(), found.content].map((text) =>
    rulesIn(text).join('\n'),
  );
  return ours === theirs ? 'right' : 'different';
}

/** Lines of a rule that say something. */
function rulesIn(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
