import type { StoredReading } from '@egvkit/share-emulator';
import { sqliteShareStore } from '@egvkit/share-emulator/node';

/** An account as the bench knows it: a session that is open, and the receiver it takes. */
export interface BenchAccount {
  readonly sessionId: string;
  readonly serialNumber: string;
}

const STEP_MS = 300_000;
const DAY_MS = 86_400_000;

/** A UUID with a number in it. */
const numbered = (kind: string, n: number): string =>
  `${kind.repeat(8)}-0000-4000-8000-${String(n).padStart(12, '0')}`;

function* history(
  serialNumber: string,
  count: number,
  nowMs: number,
): Generator<StoredReading, void, undefined> {
  for (let i = count - 1; i >= 0; i--) {
    const wtMs = nowMs - i * STEP_MS;
    const mgDl = Math.round(150 + 90 * Math.sin(i / 17) + 15 * Math.sin(i / 3));
    yield { serialNumber, stMs: wtMs, dtMs: wtMs, wtMs, trend: 1 + (i % 7), mgDl };
  }
}

/** Fills a file with accounts that have as many readings each, five minutes apart until now. */
export async function fillStore(
  path: string,
  accounts: number,
  readings: number,
): Promise<readonly BenchAccount[]> {
  using store = await sqliteShareStore(path);
  const nowMs = Date.now();
  return Array.from({ length: accounts }, (_, n) => {
    const id = numbered('a', n);
    const sessionId = numbered('5', n);
    const serialNumber = `SM${String(n).padStart(8, '0')}`;
    store.saveAccount({
      id,
      side: 'publisher',
      name: `wearer${n}`,
      passwordHash: 'nobody logs in here',
      email: `wearer${n}@example.com`,
      receiver: serialNumber,
      sharing: true,
      refusals: 0,
      lockedUntilMs: 0,
      runtimeInfo: undefined,
    });
    store.saveSession(sessionId, { accountId: id, side: 'publisher', expiresMs: nowMs + DAY_MS });
    store.addReadings(id, [...history(serialNumber, readings, nowMs)]);
    return { sessionId, serialNumber };
  });
}
