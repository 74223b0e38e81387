import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import type { Report } from './report.ts';

const CLIENT = fileURLToPath(import.meta.resolve('@egvkit/share-http'));

const ENTRY = 'entry';

/** Bytes that a browser downloads for an import: bundled and minified as the page is, and gzipped. */
async function weigh(code: string): Promise<{ minified: number; gzipped: number }> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [
      {
        name: 'egvkit-entry',
        resolveId: (id) => (id === ENTRY ? id : undefined),
        load: (id) => (id === ENTRY ? code : undefined),
      },
    ],
    // As in the configuration of apps/demo.
    build: {
      target: 'es2024',
      modulePreload: { polyfill: false },
      write: false,
      rolldownOptions: {
        input: ENTRY,
        preserveEntrySignatures: 'strict',
        output: { topLevelVar: false },
      },
    },
  });
  const { output } = built as Rolldown.RolldownOutput;
  if (output.length > 1) throw new Error('The bundle has more than one file.');
  const [{ code: bundle }] = output;
  return {
    minified: Buffer.byteLength(bundle),
    gzipped: gzipSync(bundle, { level: 9 }).length,
  };
}

/** Limit for a client that logs in and reads, with all it needs. */
const MOST_BYTES = 9800;

/** Most bytes, min + gzip, that a transport may add to a page that has the driver. */
const MOST_TRANSPORT_BYTES = 1600;

/** Most bytes, min + gzip, of reading and uploading in a page. */
const MOST_UPLOAD_BYTES = 40_000;

const RECEIVER = fileURLToPath(import.meta.resolve('@egvkit/receiver'));
const DRIVER = [
  RECEIVER,
  fileURLToPath(import.meta.resolve('@egvkit/receiver/transport')),
  fileURLToPath(import.meta.resolve('@egvkit/receiver/browser')),
];

const TRANSPORTS = [
  {
    name: 'receiver-webusb',
    file: fileURLToPath(import.meta.resolve('@egvkit/receiver-webusb')),
    exports: 'requestReceiver, grantedReceivers, openUsb',
  },
  {
    name: 'receiver-webserial',
    file: fileURLToPath(import.meta.resolve('@egvkit/receiver-webserial')),
    exports: 'requestReceiver, grantedReceivers, openSerial',
  },
];

/** Measures the download size of each transport from a page to a receiver. */
async function benchTransports(report: Report): Promise<void> {
  report.heading('Size of the page transports, built by vite, min + gzip, with all they need');
  const receiver = `export { Receiver } from ${JSON.stringify(RECEIVER)};`;
  const driver = DRIVER.map((file) => `export * from ${JSON.stringify(file)};`).join('\n');
  const { gzipped: receiverBytes } = await weigh(receiver);
  const { gzipped: driverBytes } = await weigh(driver);
  for (const { name, file, exports } of TRANSPORTS) {
    const transport = `export { ${exports} } from ${JSON.stringify(file)};`;
    const { gzipped: pageBytes } = await weigh(`${receiver}\n${transport}`);
    report.number(`${name} with Receiver`, pageBytes, 'bytes');
    report.number(`${name}: more than Receiver alone`, pageBytes - receiverBytes, 'bytes');
    const { gzipped } = await weigh(`${driver}\n${transport}`);
    const own = gzipped - driverBytes;
    report.atMost(`${name}: more than all of receiver`, own, MOST_TRANSPORT_BYTES, 'bytes');
  }
}

/** Measures the download size of all that a page needs to read a receiver and to upload. */
async function benchUpload(report: Report): Promise<void> {
  report.heading(
    'Size of reading and uploading in a page, built by vite, min + gzip, with all they need',
  );
  const names = {
    [RECEIVER]: 'ReceiverReader',
    [CLIENT]: 'SharePublisher',
    [fileURLToPath(import.meta.resolve('@egvkit/uploader'))]:
      'readingsSource, runUpload, shareDestination',
    [fileURLToPath(import.meta.resolve('@egvkit/uploader/browser'))]: 'indexedDbJournal',
  };
  const parts = Object.entries(names).map(
    ([file, exports]) => `export { ${exports} } from ${JSON.stringify(file)};`,
  );
  for (const { name, file, exports } of TRANSPORTS) {
    const transport = `export { ${exports} } from ${JSON.stringify(file)};`;
    const { gzipped } = await weigh([...parts, transport].join('\n'));
    const what = `driver, uploader, journal, Share publisher, ${name}`;
    report.atMost(what, gzipped, MOST_UPLOAD_BYTES, 'bytes');
  }
}

/** Measures the download size of the clients in a page. */
export async function benchSize(report: Report): Promise<void> {
  report.heading('Size of the Share client, built by vite, with everything it needs');
  for (const [what, names] of [
    ['ShareReader with watchReadings', 'ShareReader, watchReadings'],
    ['SharePublisher', 'SharePublisher'],
    ['ShareClient', 'ShareClient'],
  ] as const) {
    const { gzipped } = await weigh(`export { ${names} } from ${JSON.stringify(CLIENT)};`);
    report.number(`${what}, min + gzip`, gzipped, 'bytes');
  }
  const { minified, gzipped } = await weigh(
    `export { ShareReader } from ${JSON.stringify(CLIENT)};`,
  );
  report.number('ShareReader: logs in and reads, minified', minified, 'bytes');
  const what = 'ShareReader: logs in and reads, min + gzip';
  report.atMost(what, gzipped, MOST_BYTES, 'bytes');
  await benchTransports(report);
  await benchUpload(report);
}
