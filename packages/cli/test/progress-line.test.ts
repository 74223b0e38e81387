import { describe, expect, it } from 'vitest';
import type { PlainIo } from '../src/io/io.ts';
import { trackProgress } from '../src/io/progress-line.ts';
import { UploadView } from '../src/output/upload-view.ts';
import { makeWorld, run } from './support/world.ts';

/** A terminal: a line that is drawn over is gone, one that is too long is broken. */
function makeScreen(columns: number) {
  const lines = [''];
  const put = (text: string): void => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is told
    for (const part of text.split(/(\r\x1b\[2K|\n)/)) {
      if (part === '\n') lines.push('');
      else if (part === '\r\x1b[2K') lines[lines.length - 1] = '';
      else {
        let line = (lines.pop() ?? '') + part;
        while (line.length > columns) {
          lines.push(line.slice(0, columns));
          line = line.slice(columns);
        }
        lines.push(line);
      }
    }
  };
  const io: PlainIo = {
    env: {},
    write: put,
    draw: put,
    writeError: put,
    isTerminal: true,
    columns,
    style: (_style, text) => text,
    askSecret: async (question) => {
      put(`${question}: `);
      return '';
    },
    readInput: async function* () {},
    sleep: async () => {},
    signal: new AbortController().signal,
  };
  return { io, lines };
}

describe.each([40, 41, 60, 80, 200])('a progress line of %i columns', (columns) => {
  it('is one line, whatever it counts', () => {
    const { io, lines } = makeScreen(columns);
    const view = new UploadView({ io: trackProgress(io), unit: 'mg/dL' });
    for (let done = 0; done <= 288; done += 48) {
      view.uploading({ kind: 'progress', done, total: 288 });
    }
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^Uploading {2}█* ?288 of 288$/);
    expect(lines[0]?.length).toBeLessThan(columns);
  });

  it('ends before anything else is printed or asked', async () => {
    const { io, lines } = makeScreen(columns);
    const tracked = trackProgress(io);
    const view = new UploadView({ io: tracked, unit: 'mg/dL' });
    const shows = async (print: () => unknown, line: string): Promise<void> => {
      view.uploading({ kind: 'progress', done: 1, total: 288 });
      const before = lines.length;
      await print();
      expect(lines[before - 1]).toMatch(/ 1 of 288$/);
      expect(lines[before]).toBe(line);
      tracked.write('\n');
    };
    await shows(() => tracked.write('a result'), 'a result');
    await shows(() => tracked.writeError('egvkit: A failure.'), 'egvkit: A failure.');
    await shows(() => tracked.askSecret('Password', ''), 'Password: ');
  });
});

it('ends a progress line before a failure is told', async () => {
  await using world = await makeWorld();
  let posts = 0;
  world.service.onRequest(({ endpoint, phase }) => {
    if (endpoint !== 'PostReceiverEgvRecords' || phase !== 'received' || ++posts !== 2) return;
    world.service.failNext({ kind: 'fault', code: 'SessionNotValid', times: 99 });
  });
  const { io, lines } = makeScreen(200);
  const { exitCode } = await run(world.uploadArgs, world.env, {
    isTerminal: true,
    draw: io.draw,
    write: io.write,
    writeError: io.writeError,
  });
  expect(exitCode).not.toBe(0);
  const failure = lines.findIndex((line) => line.startsWith('egvkit: '));
  expect(lines[failure - 1]).toMatch(/^Uploading {2}█*░+ \d+ of \d+$/);
});
