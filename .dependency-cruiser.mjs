// Which package may import which: the picture in the design, as rules. Imports point towards
// `protocol`; only `uploader`, `cli` and `demo` compose.

/** Imports that each package may have of our other packages, as paths below packages/. */
const allowed = {
  protocol: [],
  analysis: ['protocol'],
  platform: ['protocol'],
  receiver: ['protocol', 'platform'],
  // A transport takes the inbox that all transports share from the driver, and nothing else.
  'receiver-serial': ['protocol', 'platform', 'receiver/(?:src|dist)/transport[.]'],
  'receiver-webusb': ['protocol', 'receiver/(?:src|dist)/browser[.]'],
  'receiver-webserial': ['protocol', 'receiver/(?:src|dist)/browser[.]'],
  'node-files': [],
  'share-http': ['protocol', 'platform', 'node-files'],
  relay: ['protocol', 'platform'],
  uploader: ['protocol', 'platform', 'analysis', 'receiver', 'share-http', 'node-files'],
  'receiver-emulator': ['protocol', 'receiver/(?:src|dist)/transport[.]'],
  // The generated readings of an account are those of an emulated receiver.
  'share-emulator': ['protocol', 'receiver-emulator'],
  'nightscout-emulator': [],
  contracts: ['protocol', 'receiver', 'uploader'],
  cli: [
    'protocol',
    'platform',
    'receiver',
    'receiver-serial',
    'receiver-webusb',
    'share-http',
    'node-files',
    'uploader',
    'receiver-emulator',
    'share-emulator',
    // The page, built, and its server.
    '../apps/demo/(?:src|dist)/server/',
  ],
};

const ours = '^(?:packages|apps)/';
const paths = (/** @type {string[]} */ parts) =>
  parts.map((part) =>
    part.startsWith('../')
      ? `^${part.slice(3)}`
      : `^packages/${part}${part.includes('/') ? '' : '/'}`,
  );

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const direction = Object.entries(allowed).map(([name, parts]) => ({
  name: `direction-${name}`,
  comment: `${name} imports of ours: ${parts.join(', ') || 'nothing'}.`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: { path: ours, pathNot: [`^packages/${name}/`, ...paths(parts)] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...direction,
    {
      name: 'no-unlisted-package',
      comment: 'A new package needs a row in this file.',
      severity: 'error',
      from: {
        path: '^packages/[^/]+/src/',
        pathNot: Object.keys(allowed).map((name) => `^packages/${name}/`),
      },
      to: { path: ours },
    },
    {
      name: 'contracts-only-in-tests',
      severity: 'error',
      from: { pathNot: ['/test/', '^packages/contracts/'] },
      to: { path: '^packages/contracts/' },
    },
    {
      name: 'src-not-to-test',
      severity: 'error',
      from: { path: '/src/' },
      to: { path: '^(?:packages|apps)/[^/]+/(?:test|bench)/|[.]test[.]' },
    },
    {
      name: 'no-reaching-inside',
      comment: 'Another package is imported by its name, so that its exports are all there is.',
      severity: 'error',
      from: { path: '^((?:packages|apps)/[^/]+|bench|device-lab|runtimes|simulation)/' },
      to: { path: '^(?:packages|apps)/[^/]+/src/', pathNot: '^$1/' },
    },
    {
      name: 'zod-only-in-share',
      comment: '@egvkit/protocol and @egvkit/protocol/receiver have no dependencies at all.',
      severity: 'error',
      from: { path: '^packages/protocol/src/(?:receiver/|[^/]+$)' },
      to: { path: '(?:^|/)node_modules/', reachable: true },
    },
    {
      name: 'share-only-in-its-destination',
      comment: 'Plan, journal and run work for any destination.',
      severity: 'error',
      from: { path: '^packages/uploader/src/', pathNot: '/src/destinations/share/' },
      to: { path: '^packages/(?:share-http/|protocol/(?:src|dist)/share/)' },
    },
    {
      name: 'receiver-only-in-its-source',
      comment: 'Plan, journal and run work for any source.',
      severity: 'error',
      from: { path: '^packages/uploader/src/', pathNot: '/src/sources/receiver/' },
      to: { path: '^packages/(?:receiver|analysis)/' },
    },
    {
      name: 'receiver-records-only-in-its-source',
      comment: 'The type of a damaged page is all that an upload passes on.',
      severity: 'error',
      from: { path: '^packages/uploader/src/', pathNot: '/src/sources/receiver/' },
      to: {
        path: '^packages/protocol/(?:src|dist)/receiver/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'upload-knows-no-adapter',
      comment: 'Only the list of exports names the sources and destinations there are.',
      severity: 'error',
      from: {
        path: '^packages/uploader/src/',
        pathNot: '^packages/uploader/src/(?:index[.]ts$|(?:sources|destinations)/)',
      },
      to: { path: '^packages/uploader/src/(?:sources|destinations)/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'What is published runs without the development dependencies; a page is bundled.',
      severity: 'error',
      from: {
        path: '^(?:packages|apps)/[^/]+/src/',
        pathNot: '^packages/contracts/|^apps/demo/src/(?!server/)',
      },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm', 'npm-optional', 'npm-peer', 'type-only'],
      },
    },
    {
      name: 'resolvable',
      comment: 'Every rule here is blind to what cannot be resolved: build first.',
      severity: 'error',
      from: {},
      // Types of browsers, which a reference names without the `@types/`.
      to: { couldNotResolve: true, pathNot: '^w3c-web-(?:serial|usb)$' },
    },
  ],
  options: {
    doNotFollow: { path: ['(?:^|/)node_modules/', '/dist/'] },
    exclude: { path: ['^(?:(?:packages|apps)/[^/]+|runtimes|simulation)/[.]results/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
