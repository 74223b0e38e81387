import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { FoundReceivers } from '@egvkit/receiver-serial';
import { type RuleState, ruleByHand, ruleState } from '../../service/udev-rule.ts';
import { type CheckResult, fail, ok, skipped, warn } from './check.ts';
import type { UsbDevices } from './usb-devices.ts';

const CABLE =
  'Use a cable that carries data: many only charge, and the receiver charges with both. Try another ' +
  'socket of this computer, without a hub, and switch the receiver on.';

/** Judges the receivers that are plugged in: none, one, several, or one without a port. */
export function receiverCheck(
  { receivers, unsupported, unidentified }: FoundReceivers,
  usb: UsbDevices | undefined,
): CheckResult {
  const [first, second] = receivers;
  if (first !== undefined && second === undefined) return ok(`One receiver, on ${first.path}.`);
  if (first !== undefined) {
    const paths = receivers.map(({ path }) => path).join(', ');
    const fix =
      'Unplug all but one, or name one: "egvkit receivers" shows serial numbers, and --serial takes one.';
    return warn(`${receivers.length} receivers: ${paths}.`, fix);
  }
  const [other] = unsupported;
  if (other !== undefined) {
    const fix = 'egvkit reads G4, G5 and G6 receivers. Plug one of these in.';
    return fail(
      `${other.path} is a ${other.product}, which egvkit cannot read.`,
      fix,
      'nothingThere',
    );
  }
  const [withoutPort] = usb?.dexcom.filter(({ hasPort }) => !hasPort) ?? [];
  if (withoutPort !== undefined) {
    return fail(
      `A receiver is on USB (${withoutPort.name}), but has no serial port.`,
      'Unplug the receiver, wait ten seconds, plug it in again. If that does not help, load its driver: sudo modprobe cdc_acm',
      'nothingThere',
    );
  }
  const [unknown] = unidentified;
  if (unknown !== undefined) {
    const fix = `If a receiver is there, name its port: --port ${unknown}. If not: ${CABLE}`;
    return warn(
      `No receiver is recognised; the system does not know the device on ${unknown}.`,
      fix,
    );
  }
  const seen =
    usb === undefined ? '' : ` It sees ${usb.count} USB devices, and none is a receiver.`;
  return fail(`This computer sees no receiver.${seen}`, CABLE, 'nothingThere');
}

/** Checks that this user may open the port. Only Linux gives ports to groups. */
export async function permissionCheck(
  path: string | undefined,
  platform: NodeJS.Platform = process.platform,
): Promise<CheckResult> {
  if (platform !== 'linux') return skipped('Only Linux gives serial ports to groups.');
  if (path === undefined) return skipped('There is no port to look at.');
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return fail(`There is no port ${path}.`, CABLE, 'nothingThere');
  const group = await groupOf(info.gid);
  const may = await access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (may && !info.isCharacterDevice()) {
    const fix = 'Name the port of the receiver, or leave --port out to have it found.';
    return fail(`${path} is not a serial port.`, fix, 'nothingThere');
  }
  if (may) return ok(`You may open ${path}, which belongs to the group ${group.name}.`);
  const { username } = userInfo();
  const found = `You may not open ${path}, which belongs to the group ${group.name}.`;
  // Groups count from the next login on.
  if (group.members.includes(username)) {
    return fail(`${found} You are in it, but not yet in this session.`, 'Restart this computer.');
  }
  const fix = `Put yourself into that group, then restart this computer: sudo usermod -aG ${group.name} ${username}`;
  return fail(found, fix);
}

async function groupOf(id: number): Promise<{ name: string; members: readonly string[] }> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  const line = groups.split('\n').find((one) => one.split(':')[2] === String(id));
  const [name = String(id), , , members = ''] = line?.split(':') ?? [];
  return { name, members: members.split(',') };
}

/** Checks the udev rule and, by it, that ModemManager leaves a receiver alone. */
export async function ruleChecks(
  platform: NodeJS.Platform = process.platform,
): Promise<{ readonly udev: CheckResult; readonly modemManager: CheckResult }> {
  if (platform !== 'linux') {
    const elsewhere = skipped('Only Linux has it.');
    return { udev: elsewhere, modemManager: elsewhere };
  }
  const rule = await ruleState();
  return { udev: udevCheck(rule), modemManager: modemManagerCheck(rule, await programs()) };
}

function udevCheck(rule: RuleState): CheckResult {
  if (rule === 'right') return ok('It is installed.');
  const found =
    rule === 'missing'
      ? 'It is not installed.'
      : 'It is installed, and is not the one of this egvkit.';
  return warn(found, `Install it: ${ruleByHand()}`);
}

/** Judges ModemManager, which takes a new serial port for a modem and holds it for half a minute. */
export function modemManagerCheck(rule: RuleState, running: ReadonlySet<string>): CheckResult {
  if (!running.has('ModemManager')) return ok('It does not run.');
  if (rule === 'right') return ok('It runs, and the udev rule keeps it off receivers.');
  return warn(
    'It runs, and tries whether a receiver is a modem each time one is plugged in.',
    'Install the udev rule (see above). If no modem is in use here: sudo systemctl disable --now ModemManager',
  );
}

/** Names of the programs that run, as the kernel shows them to this user. */
async function programs(): Promise<ReadonlySet<string>> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const names = await Promise.all(
    processes.map((id) => readFile(`/proc/${id}/comm`, 'utf8').catch(() => '')),
  );
  return new Set(names.map((name) => name.trim()));
}
