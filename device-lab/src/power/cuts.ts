/** The power cuts: when each comes, and what is true at the end. */
import type { Random } from '@egvkit/receiver-emulator';
import type { RequestEvent, ShareService } from '@egvkit/share-emulator';

/** A moment of a start at which the power can be cut. */
export interface Aim {
  readonly name: string;
  /** Resolves at that moment; never, if it does not come. */
  readonly moment: (start: Start, random: Random) => Promise<void>;
}

/** A start of the computer, as seen from outside. */
export interface Start {
  readonly service: ShareService;
  readonly signal: AbortSignal;
}

const POST = 'PostReceiverEgvRecords';
const READ = 'ReadPublisherLatestGlucoseValues';

export const AIMS: readonly Aim[] = [
  {
    name: 'while it starts',
    moment: (start, random) => pause(random.integer(1000, 45_000), start),
  },
  {
    name: 'when a post has arrived',
    moment: (start) => request(start, POST, 'received'),
  },
  {
    name: 'between a post and its answer',
    moment: (start) => request(start, POST, 'committed'),
  },
  {
    name: 'just after the answer to a post',
    moment: async (start, random) => {
      await request(start, POST, 'answered');
      await pause(random.integer(0, 400), start);
    },
  },
  {
    name: 'while a post is planned',
    moment: async (start, random) => {
      await request(start, READ, 'answered');
      await pause(random.integer(0, 1500), start);
    },
  },
  {
    name: 'some time after the first request',
    moment: async (start, random) => {
      await request(start, undefined, 'received');
      await pause(random.integer(0, 15_000), start);
    },
  },
];

/** Waits for a request. The service goes on with it only when the power is off. */
function request(
  { service, signal }: Start,
  endpoint: RequestEvent['endpoint'] | undefined,
  phase: RequestEvent['phase'],
): Promise<void> {
  return new Promise((resolve) => {
    const stop = service.onRequest((event) => {
      if (event.phase !== phase || (endpoint !== undefined && event.endpoint !== endpoint)) return;
      stop();
      resolve();
      return aborted(signal);
    });
    signal.addEventListener('abort', stop);
  });
}

/** Settles when the start is over. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function pause(ms: number, { signal }: Start): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([over, aborted(signal)]).finally(() => clearTimeout(timer));
}
