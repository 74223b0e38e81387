/** The suites of every `Transport`, in a page. */
import { describeStoppedTransport, describeTransport, peerDevice } from '@egvkit/contracts';
import { WAYS, type Way } from './receivers.ts';
import { type Outcome, runCases } from './vitest.ts';

function pairOf({ open }: Way) {
  return async () => {
    const { device, peer } = peerDevice();
    const { transport, behaviour } = await open(device, { settleMs: 0 });
    const stop = async () => {
      behaviour.stopped = true;
    };
    return { transport, peer: { ...peer, stop } };
  };
}

export async function runContract(way: keyof typeof WAYS): Promise<Outcome[]> {
  const { name } = WAYS[way];
  describeTransport(name, pairOf(WAYS[way]));
  describeStoppedTransport(name, pairOf(WAYS[way]));
  return runCases();
}

/** The same for a transport that turns bytes round: shows that the suite can fail in a page. */
export async function runContractOfTurner(): Promise<Outcome[]> {
  const makePair = pairOf(WAYS.webusb);
  describeTransport('a transport that turns bytes round', async () => {
    const pair = await makePair();
    const { transport } = pair;
    const read: typeof transport.read = async (timeoutMs, signal) =>
      (await transport.read(timeoutMs, signal)).toReversed();
    return {
      ...pair,
      transport: {
        path: transport.path,
        read,
        write: (bytes, signal) => transport.write(bytes, signal),
        close: () => transport.close(),
        [Symbol.asyncDispose]: () => transport.close(),
      },
    };
  });
  return runCases();
}
