import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';
import { CONTENT_SECURITY_POLICY, PAGE_HEADERS } from './src/server/page-headers.ts';

/** The file names of the service worker's list stand for it in its source. */
const FILES = '__FILES__';
const VERSION = '__VERSION__';

/** Puts the policy into the built page; while developing, the tools need more than it allows. */
const withPolicy: Plugin = {
  name: 'egvkit-policy',
  apply: 'build',
  transformIndexHtml: (html) => ({
    html,
    tags: [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'content-security-policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  }),
};

/** Tells the service worker which files make up the page, and when they are others. */
const withFileList: Plugin = {
  name: 'egvkit-files',
  apply: 'build',
  enforce: 'post',
  generateBundle(_, bundle) {
    const built = Object.values(bundle).filter(
      ({ fileName }) => !/offline|[.](?:map|txt)$/.test(fileName),
    );
    const hash = createHash('sha256');
    for (const file of built) hash.update(file.type === 'chunk' ? file.code : file.source);
    const names = ['./', ...readdirSync('public'), ...built.map(({ fileName }) => fileName)];
    const files = JSON.stringify([...new Set(names)].filter((name) => name !== 'index.html'));
    const worker = bundle['offline.js'];
    if (worker?.type !== 'chunk') throw new Error('There is no service worker in the bundle.');
    worker.code = worker.code
      .replaceAll(VERSION, hash.digest('hex').slice(0, 16))
      .replace(new RegExp(`(["'\`])${FILES}\\1`), () => JSON.stringify(files));
  },
};

export default defineConfig({
  base: './',
  plugins: [withPolicy, withFileList],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: 'dist/web',
    target: 'es2024',
    assetsInlineLimit: 0,
    // Of what is bundled; the page is published.
    license: { fileName: 'licenses.txt' },
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', offline: 'src/workers/offline.ts' },
      output: {
        // Constants are written where they are used, which is less to download.
        topLevelVar: false,
        entryFileNames: ({ name }) =>
          name === 'offline' ? 'offline.js' : 'assets/[name]-[hash].js',
      },
    },
  },
  preview: { headers: { ...PAGE_HEADERS } },
});
