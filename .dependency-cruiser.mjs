// Which package may import which: the picture in the design, as rules. Imports point towards
// `protocol`; only `uploader`, `cli` and `demo` compose.

/** What each package may import of ours, as paths below packages/. */
const allowed = {
  protocol: [],
  receiver: ['protocol'],
  // A transport takes the inbox that all transports share from the driver, and nothing else.
  'receiver-serial': ['protocol', 'receiver/(?:src|dist)/transport[.]'],
  'receiver-webusb': ['protocol', 'receiver/(?:src|dist)/transport[.]'],
  'share-http': ['protocol'],
  uploader: ['protocol', 'receiver', 'share-http'],
  emulators: ['protocol', 'receiver/(?:src|dist)/transport[.]'],
  contracts: ['protocol', 'receiver', 'uploader'],
  cli: [
    'protocol',
    'receiver',
    'receiver-serial',
    'receiver-webusb',
    'share-http',
    'uploader',
    'emulators',
  ],
};

const ours = '^(?:packages|apps)/';
const paths = (/** @type {string[]} */ parts) =>
  parts.map((part) => `^packages/${part}${part.includes('/') ? '' : '/'}`);

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
      from: { path: '^((?:packages|apps)/[^/]+|bench|runtimes)/' },
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
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'What is published runs without the development dependencies.',
      severity: 'error',
      from: { path: '^(?:packages|apps)/[^/]+/src/', pathNot: '^packages/contracts/' },
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
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['(?:^|/)node_modules/', '/dist/'] },
    exclude: { path: ['^(?:(?:packages|apps)/[^/]+|runtimes)/[.]results/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
