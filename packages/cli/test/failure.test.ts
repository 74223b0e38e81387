import { ReceiverError } from '@egvkit/receiver';
import { expect, it } from 'vitest';
import { failureLines } from '../src/output/failure.ts';

const io = { signal: new AbortController().signal, env: {} } as Parameters<typeof failureLines>[1];

/** A port that does not close. */
function stuckPort() {
  return {
    [Symbol.asyncDispose]: async () => {
      throw new ReceiverError('portFailed', { path: '/dev/ttyACM0', reason: 'it does not close' });
    },
  };
}

it('a failed command whose port does not close either is told by its own failure', async () => {
  const failure = await (async () => {
    await using _port = stuckPort();
    await using _other = stuckPort();
    throw new ReceiverError('unplugged', { path: '/dev/ttyACM0' });
  })().catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'SuppressedError' });
  const [line] = failureLines(failure, io);
  expect(line).toBe(new ReceiverError('unplugged', { path: '/dev/ttyACM0' }).message);
});
