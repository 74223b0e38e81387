/** Cases of the packed `egvkit`, for an ordinary user. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EMULATED_SERIAL_NUMBER } from '@egvkit/receiver-emulator';
import { assertSame, assertThat } from '../comparison.ts';
import { PORT } from '../gadget.ts';
import { type Ended, run, runAsReader } from '../processes.ts';
import { EGV_TYPE, history } from '../receivers.ts';

const MODULES = join(import.meta.dirname, '../../node_modules');
const RULE = join(MODULES, '@egvkit/receiver-serial/udev/70-dexcom-receiver.rules');

const egvkit = (...args: string[]): Promise<Ended> =>
  runAsReader([join(MODULES, 'egvkit/bin/egvkit.js'), ...args]);

const described = ({ code, out, err }: Ended): string =>
  `exit code ${code}, output ${JSON.stringify(out.slice(0, 200))}, error ${JSON.stringify(err.slice(0, 500))}`;

/** Installs the rule as the README says. */
export async function installRule(): Promise<void> {
  await copyFile(RULE, '/etc/udev/rules.d/70-dexcom-receiver.rules');
  await run('udevadm', ['control', '--reload']);
  await run('udevadm', ['trigger']);
  await run('udevadm', ['settle']);
}

export async function isDenied(): Promise<string> {
  const ended = await egvkit('info');
  const { code, out, err } = ended;
  const words = [`You may not open ${PORT}.`, 'dialout', 'udev rule'];
  const says = words.every((each) => err.replace(/\s+/g, ' ').includes(each));
  assertThat(code === 5 && out === '' && says, described(ended));
  return `exit code 5: ${err.replace(/\s+/g, ' ').trim()}`;
}

export async function tellsInfo(): Promise<string> {
  const ended = await egvkit('info', '--json');
  const isWell = ended.code === 0 && ended.out.startsWith('{');
  assertThat(isWell, described(ended));
  const { port, serialNumber } = JSON.parse(ended.out);
  assertThat(port === PORT && serialNumber === EMULATED_SERIAL_NUMBER, described(ended));
  return `found at ${port}, serial number ${serialNumber}`;
}

export async function readsReadings(): Promise<string> {
  const ended = await egvkit('read', 'egv', '--json');
  assertThat(ended.code === 0, described(ended));
  const lines = ended.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  // The times that the command adds are not the receiver's.
  const records = lines.map(
    ({ utc: _utc, displayTime: _displayTime, timeDoubt: _doubt, ...record }) => record,
  );
  assertSame(records, history.records(EGV_TYPE));
  return `${records.length} records, all equal`;
}
