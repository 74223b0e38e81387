import { wallClock } from '@egvkit/protocol';
import { RECORD_TYPES } from '@egvkit/protocol/receiver';
import {
  type PageRange,
  RECORD_NAMES,
  Receiver,
  recordNameOf,
  recordTypeOf,
} from '@egvkit/receiver';
import { fileDeviceMemory } from '../../io/device-memory.ts';
import type { Io } from '../../io/io.ts';
import { portOpener } from '../../io/port.ts';
import { stateFolder } from '../../io/state-path.ts';
import type { ReceiverOptions } from '../../options/port.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { hostClockWarning } from '../../output/host-clock-warning.ts';
import { jsonLine } from '../../output/json-line.ts';
import { count, describeClockError, HOST_CLOCK } from '../../output/words.ts';

/** Shows everything that a receiver says of itself. */
export async function showInfo(
  { json, ...choice }: ReceiverOptions & { readonly json?: true },
  io: Io,
): Promise<ExitCode> {
  const transport = await portOpener(choice, io)();
  await using receiver = await Receiver.open(transport, {
    signal: io.signal,
    memory: fileDeviceMemory(stateFolder(io.env)),
  });
  const info = { port: transport.path, ...(await readInfo(receiver, io.signal)) };
  const warning = hostClockWarning(info.clock);
  if (warning !== undefined) io.writeError(`${warning}\n`);
  if (json) io.write(jsonLine(info));
  else for (const line of describeInfo(info)) io.write(`${line}\n`);
  return EXIT.ok;
}

/** A record type of a receiver, and what it holds of it. */
interface Holding {
  readonly recordType: number;
  /** Name of the type for `egvkit read`; null for a type without a name. */
  readonly type: string | null;
  readonly partition: string;
  /** From the receiver's own list; null if it has none. */
  readonly recordRevision: number | null;
  readonly recordLength: number | null;
  /** Null if it is empty. */
  readonly pages: PageRange | null;
}

async function readInfo(receiver: Receiver, signal: AbortSignal) {
  const options = { signal };
  const identity = await receiver.identify(options);
  const clock = await receiver.clock(options);
  return {
    ...identity,
    clock,
    hardwareClock: await receiver.hardwareClock(options),
    battery: await receiver.battery(options),
    chargerCurrent: await receiver.chargerCurrent(options),
    display: await receiver.display(options),
    mode: await receiver.mode(options),
    firmwareSettings: await receiver.firmwareSettings(options),
    holdings: await readHoldings(receiver, signal),
  };
}

type Info = Awaited<ReturnType<typeof readInfo>> & { readonly port: string };

/** By the receiver's own list; by the types that are known where that is not understood. */
async function readHoldings(receiver: Receiver, signal: AbortSignal): Promise<Holding[]> {
  const names: Readonly<Record<number, string>> = RECORD_TYPES;
  const listed = await receiver.partitions({ signal });
  const known = RECORD_NAMES.map((name) => recordTypeOf(name)).map((recordType) => ({
    recordType,
    name: names[recordType] ?? 'unknown',
    recordRevision: null,
    recordLength: null,
  }));
  const holdings: Holding[] = [];
  for (const { recordType, name, recordRevision, recordLength } of listed ?? known) {
    const pages = (await receiver.pageRange(recordType, { signal })) ?? null;
    const type = recordNameOf(recordType) ?? null;
    holdings.push({ recordType, type, partition: name, recordRevision, recordLength, pages });
  }
  return holdings;
}

const LABEL_WIDTH = 11;

function describeInfo(info: Info): string[] {
  const { firmware, serialNumber, transmitterId, clock, battery, chargerCurrent } = info;
  const { display, mode, port, holdings } = info;
  const line = (label: string, facts: readonly (string | undefined)[]): string =>
    `${label.padEnd(LABEL_WIDTH)}${facts.filter((fact) => fact !== undefined).join(' · ')}`;
  return [
    line('Receiver', [`${firmware?.productName ?? 'Receiver'} on ${port}`]),
    line('', [
      `serial ${serialNumber ?? 'unknown'}`,
      transmitterId && `transmitter ${transmitterId}`,
      firmware?.softwareNumber,
      firmware?.firmwareVersion && `firmware ${firmware.firmwareVersion}`,
    ]),
    line('Clock', [
      describeClockError(clock.errorSeconds, HOST_CLOCK),
      `the screen shows ${wallClock(clock.displaySeconds).replace('T', ' ')} (display time)`,
    ]),
    line('Battery', [
      battery.percent === undefined ? 'unknown' : `${battery.percent} %`,
      battery.state && describeState(battery.state.name),
      chargerCurrent && `charger ${chargerCurrent.name}`,
    ]),
    line('Screen', [display.unit?.name, display.clockMode?.name, display.language?.name]),
    line('Mode', [
      mode.blinded && (mode.blinded.blinded ? 'readings hidden' : 'readings shown'),
      mode.deviceMode === undefined ? undefined : `device mode ${mode.deviceMode}`,
    ]),
    ...holdings.map((holding, i) => line(i === 0 ? 'Records' : '', [describeHolding(holding)])),
  ];
}

function describeState(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}

function describeHolding({ type, partition, pages }: Holding): string {
  const size =
    pages === null
      ? 'empty'
      : `${count(pages.last - pages.first + 1, 'page')} (${pages.first} to ${pages.last})`;
  return `${(type ?? partition).padEnd(22)}${size}`;
}
