import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import { encodePacket, encodePage, xmlRecordBytes } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { MAIN } from './support/terminal.ts';
import { makeFolder, run } from './support/world.ts';

/** Of spec/receiver §2.5 and §5.3. */
const PING = '01 06 00 0A 5E 65';
const RANGE = '01 0E 00 01 00 00 00 00 2C 01 00 00 60 F4';
const HEADER_REPLY =
  '01 22 00 01 3C 06 00 00 26 00 00 00 04 02 2A 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 DB 56 02 4F';

const ENCODER = new TextEncoder();

/** A page of the manufacturing partition. */
function page(pageNumber = 0): Uint8Array {
  const text = '<ManufacturingParameters SerialNumber="SM00000001" />';
  return encodePage({
    recordType: 0,
    revision: 1,
    pageNumber,
    firstRecordIndex: pageNumber,
    records: [
      {
        kind: 'xml',
        recordType: 0,
        revision: 1,
        index: pageNumber,
        systemSeconds: systemSeconds(126_000_000),
        displaySeconds: displaySeconds(125_971_200),
        bytes: xmlRecordBytes(text),
        text,
        element: undefined,
      },
    ],
  });
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A copy with one byte changed. */
function broken(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = copy[at]! ^ 0x40;
  return copy;
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function decode(what: string, given: string | Uint8Array, pieceSize = 0x10000) {
  const bytes = typeof given === 'string' ? ENCODER.encode(given) : given;
  const ran = await run(['decode', what], {}, { readInput: () => inPieces(bytes, pieceSize) });
  const lines = ran.out.split('\n').filter(Boolean);
  return { ...ran, items: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('egvkit decode packet', () => {
  it.each([
    ['upper case with blanks', PING],
    ['lower case without', '0106000a5e65'],
    ['any white space', '01\t06\n00\r\n0A 5 E\n\n65\n'],
  ])('reads hexadecimal text: %s', async (_, text) => {
    const { exitCode, items, err } = await decode('packet', text);
    expect(items).toEqual([
      {
        kind: 'packet',
        offset: 0,
        length: 6,
        code: 10,
        command: 'ping',
        response: null,
        payload: '',
      },
    ]);
    expect(exitCode).toBe(0);
    expect(err).toBe('');
  });

  it('reads binary, and many packets', async () => {
    const bytes = joined(encodePacket(10), encodePacket(1, Uint8Array.of(0xab)), encodePacket(53));
    const { exitCode, items } = await decode('packet', bytes);
    expect(exitCode).toBe(0);
    expect(items).toMatchObject([
      { offset: 0, code: 10, command: 'ping' },
      { offset: 6, code: 1, command: null, response: 'ACK', payload: 'ab' },
      { offset: 13, code: 53, command: 'enterSambaAccessMode', response: null },
    ]);
  });

  it('decodes the page header and the pages in a reply too', async () => {
    const header = await decode('packet', HEADER_REPLY);
    expect(header.items).toMatchObject([
      { kind: 'packet', length: 34 },
      { kind: 'pageHeader', offset: 4, recordType: 4, pageNumber: 42, recordCount: 38 },
    ]);
    const pages = await decode('packet', encodePacket(1, joined(page(0), page(1))));
    expect(pages.items.map(({ kind, offset }) => [kind, offset])).toEqual([
      ['packet', 0],
      ['pageHeader', 4],
      ['xml', 32],
      ['pageHeader', 532],
      ['xml', 560],
    ]);
    expect(pages.exitCode).toBe(0);
  });

  it('reports place and reason of damage, and finds the packet behind it', async () => {
    const { exitCode, items } = await decode(
      'packet',
      `41 54 ${PING} ${RANGE.replace('2C', '2D')} ${PING}`,
    );
    expect(items).toMatchObject([
      { kind: 'damage', offset: 0, length: 2, reason: expect.stringContaining('0x01') },
      { kind: 'packet', offset: 2 },
      { kind: 'damage', offset: 8, length: 14, reason: 'the CRC of this packet is wrong' },
      { kind: 'packet', offset: 22 },
    ]);
    expect(exitCode).toBe(6);
  });

  it('tells two damaged packets apart', async () => {
    const damaged = RANGE.replace('2C', '2D');
    const { items } = await decode('packet', `${damaged} ${damaged}`);
    expect(items).toMatchObject([
      { kind: 'damage', offset: 0, length: 14 },
      { kind: 'damage', offset: 14, length: 14 },
    ]);
  });

  it('finds a packet behind a false start that claims more bytes than there are', async () => {
    const { items } = await decode('packet', `01 FF 7F ${PING} ${RANGE} 01 06`);
    expect(items).toMatchObject([
      { kind: 'damage', offset: 0, length: 3, reason: 'this packet ends too early' },
      { kind: 'packet', offset: 3 },
      { kind: 'packet', offset: 9 },
      { kind: 'damage', offset: 23, length: 2, reason: 'this packet ends too early' },
    ]);
  });
});

describe('any bytes', () => {
  it('are all accounted for, in order, and every whole packet among them is found', async () => {
    let state = 0x2545_f491;
    const random = (below: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
    for (let round = 0; round < 200; round++) {
      const pieces: Uint8Array[] = [Uint8Array.of(0)];
      const packetsAt: number[] = [];
      for (let i = random(6); i >= 0; i--) {
        const noise = Uint8Array.from({ length: random(30) }, () => [1, 0, 255, 6][random(4)]!);
        const payload = Uint8Array.from({ length: random(40) }, () => random(256));
        const isPacket = random(2) === 0;
        if (isPacket) packetsAt.push(pieces.reduce((length, piece) => length + piece.length, 0));
        pieces.push(isPacket ? encodePacket(random(256), payload) : noise);
      }
      const given = joined(...pieces);
      const { items, exitCode } = await decode('packet', given);
      let at = 0;
      for (const item of items) {
        if (item.kind !== 'packet' && item.kind !== 'damage') continue;
        expect(item.offset).toBe(at);
        at += Number(item.length);
      }
      expect(at).toBe(given.length);
      const found = items.filter(({ kind }) => kind === 'packet').map(({ offset }) => offset);
      expect(found).toEqual(packetsAt);
      expect(exitCode).toBe(6);
    }
  });
});

describe('the program', () => {
  it('decodes standard input, and gives its exit code', async () => {
    const program = join(import.meta.dirname, '../bin/egvkit.js');
    for (const [text, status] of [
      [PING, 0],
      [`${PING} 00`, 6],
    ] as const) {
      const ran = spawnSync(process.execPath, [program, 'decode', 'packet', '-'], { input: text });
      expect(String(ran.stdout)).toContain('"command":"ping"');
      expect(String(ran.stderr)).toBe('');
      expect(ran.status).toBe(status);
    }
  });
});

describe('egvkit decode page', () => {
  it('gives the header and the records, one page or many', async () => {
    const { exitCode, items } = await decode('page', joined(page(0), page(1)));
    expect(exitCode).toBe(0);
    expect(items).toMatchObject([
      { kind: 'pageHeader', offset: 0, pageNumber: 0, recordCount: 1, crc: expect.any(Number) },
      { kind: 'xml', offset: 28, index: 0, bytes: expect.stringMatching(/^3c4d616e.*00$/) },
      { kind: 'pageHeader', offset: 528, pageNumber: 1 },
      { kind: 'xml', offset: 556, index: 1 },
    ]);
  });

  it.each([
    ['a header', 3, { offset: 0, length: 528, reason: expect.stringContaining('header') }],
    ['a record', 40, { offset: 28, length: 500, reason: expect.stringContaining('record 0') }],
  ])('tells where %s is damaged, and reads on', async (_, at, damage) => {
    const { exitCode, items } = await decode('page', joined(broken(page(0), at), page(1)));
    expect(exitCode).toBe(6);
    expect(items).toContainEqual(expect.objectContaining({ kind: 'damage', ...damage }));
    expect(items).toContainEqual(expect.objectContaining({ kind: 'xml', index: 1 }));
  });

  it('reports bytes that do not fill a page', async () => {
    const { exitCode, items } = await decode('page', joined(page(0), page(1).slice(0, 527)));
    expect(items.at(-1)).toEqual({
      kind: 'damage',
      offset: 528,
      length: 527,
      reason: 'a page has 528 bytes, and 527 are left',
    });
    expect(exitCode).toBe(6);
  });
});

describe('input that is neither hexadecimal nor binary', () => {
  it.each([
    ['another letter', '01 06 0g', 7, '"g" is not a hexadecimal digit'],
    ['half a byte', '01 0', 4, 'the last byte has one hexadecimal digit'],
    ['nothing', ' \n', 0, 'there is nothing to decode'],
  ])('is damage too: %s', async (_, text, offset, reason) => {
    const { exitCode, items } = await decode('packet', text);
    expect(items.slice(-1)).toEqual([{ kind: 'damage', length: 1, offset, reason }]);
    expect(exitCode).toBe(6);
  });

  it('is read from a file as well; a missing file is reported in one sentence', async () => {
    await using folder = await makeFolder();
    const file = join(folder.path, 'ping.txt');
    await writeFile(file, PING);
    const { out } = await run(['decode', 'packet', file]);
    expect(JSON.parse(out)).toMatchObject({ kind: 'packet', command: 'ping' });
    const missing = await run(['decode', 'packet', `${file}.not`]);
    expect(missing.err).toBe(`egvkit: Cannot read ${file}.not: there is no such file.\n`);
    expect(missing.exitCode).toBe(2);
  });

  it.each([
    [[], /^egvkit: The kind of bytes is missing\.\n {2}Use packet or page\.\n/],
    [['receiver'], /^egvkit: Invalid kind "receiver": use packet or page\.\n$/],
    [['page', 'a', 'b'], /^egvkit: Unexpected argument "b"\.\n/],
  ])('needs to be told what it is: %j', async (words, sentence) => {
    const { exitCode, err } = await run(['decode', ...words]);
    expect(err).toMatch(sentence);
    expect(exitCode).toBe(2);
  });
});

describe('egvkit decode, given a long input', () => {
  it('reports many false starts as one damaged range', async () => {
    const bytes = Uint8Array.from({ length: 60_000 }, (_, i) => [0x01, 0xff, 0xff][i % 3]!);
    const { items, exitCode } = await decode('packet', bytes);
    expect(items).toEqual([
      { kind: 'damage', offset: 0, length: 60_000, reason: 'this packet ends too early' },
    ]);
    expect(exitCode).toBe(6);
  });

  it.each([1, 7, 4096])('finds the same in pieces of %i bytes', async (size) => {
    const bytes = joined(
      Uint8Array.of(0x31, 0x01, 0x0a, 0x00, 0x01),
      broken(encodePacket(1, page(3)), 40),
      encodePacket(1, page(4)),
      Uint8Array.of(0x01, 0xff),
      encodePacket(10),
      Uint8Array.of(0x01, 0xff, 0xff),
    );
    for (const what of ['packet', 'page']) {
      expect((await decode(what, bytes, size)).out).toBe((await decode(what, bytes)).out);
    }
    const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    expect((await decode('packet', text, size)).out).toBe((await decode('packet', bytes)).out);
  });

  it('ends within a second of Ctrl-C, while standard input stays open', async () => {
    const child = spawn(process.execPath, [MAIN, 'decode', 'packet', '-']);
    child.stdin.on('error', () => undefined);
    // A packet is told as soon as it is there: the input is not waited for to its end.
    child.stdin.write(encodePacket(10));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(line.toString()).toContain('"command":"ping"');
    const noise = Buffer.alloc(3_000_000, Uint8Array.of(0x01, 0xff, 0xff));
    child.stdin.write(noise);
    const askedMs = performance.now();
    child.kill('SIGINT');
    const [exitCode] = (await once(child, 'exit')) as [number];
    expect(exitCode).toBe(130);
    expect(performance.now() - askedMs).toBeLessThan(2_000);
  });

  it.each(['decode packet', 'emulate share --accounts'])(
    '%s FILE ends within a second of SIGTERM, while FILE is a pipe that nobody writes to',
    async (words) => {
      await using folder = await makeFolder();
      const pipe = join(folder.path, 'pipe');
      spawnSync('mkfifo', [pipe]);
      const ready = join(folder.path, 'ready.mjs');
      // Tells when the program listens to signals, and has had time to open the pipe.
      const watch = `import { writeSync } from 'node:fs';
      const timer = setInterval(() => {
        if (process.listenerCount('SIGTERM') === 0) return;
        clearInterval(timer);
        process.prependListener('SIGTERM', () => {
          const askedMs = performance.now();
          process.on('exit', () => writeSync(2, ' took ' + (performance.now() - askedMs)));
        });
        setTimeout(() => process.stderr.write('waits'), 200);
      }, 20);`;
      await writeFile(ready, watch);
      for (const hasWriter of [false, true]) {
        const args = ['--import', ready, MAIN, ...words.split(' '), pipe];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
        const writer = hasWriter ? await open(pipe, 'w') : undefined;
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
        await once(child.stderr, 'data');
        child.kill('SIGTERM');
        // What hangs is not left behind.
        const rescue = setTimeout(() => child.kill('SIGKILL'), 3_000);
        const [exitCode] = (await once(child, 'close')) as [number];
        clearTimeout(rescue);
        await writer?.close();
        expect(exitCode).toBe(130);
        // By its own clock: how soon a busy machine lets it begin and tells of its end is not its doing.
        const [, tookMs] = / took ([\d.]+)/.exec(said) ?? [];
        expect(Number(tookMs)).toBeLessThan(1_000);
      }
    },
    20_000,
  );

  it('reads a pipe that is given as FILE to its end', async () => {
    await using folder = await makeFolder();
    const pipe = join(folder.path, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const decoding = run(['decode', 'packet', pipe]);
    await writeFile(pipe, encodePacket(10));
    expect(await decoding).toMatchObject({ exitCode: 0, err: '' });
    expect((await decoding).out).toContain('"command":"ping"');
  });
});
