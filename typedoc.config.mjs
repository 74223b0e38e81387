// Makes one site of the guides, the specification, the reference tables and the API: every entry of
// every published package, by the name under which it is imported.
import { readdirSync, readFileSync } from 'node:fs';
import { ReflectionKind } from 'typedoc';

/** Import name of each entry of the published packages, by its source file. */
const entries = new Map(
  readdirSync('packages').flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8'));
    const targets = manifest.private ? [] : Object.entries(manifest.exports);
    return targets
      .filter(([, target]) => typeof target === 'object')
      .map(([path, target]) => [
        target.default.replace('./dist/', `packages/${folder}/src/`).replace(/\.js$/, '.ts'),
        manifest.name + path.slice(1),
      ]);
  }),
);

/** Name that TypeDoc gives the module of a source file. */
const moduleOf = (/** @type {string} */ file) => file.replace(/^packages\/|(\/index)?\.ts$/g, '');

const names = new Map([...entries].map(([file, name]) => [moduleOf(file), name]));

/** Names modules by their import and pages by their first heading. @param {import('typedoc').Application} app */
function rename(app) {
  app.converter.on('resolveBegin', ({ project }) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      module.name = names.get(module.name) ?? module.name;
    }
    for (const page of project.documents ?? []) {
      const [first] = page.content;
      const heading = first?.kind === 'text' && /^# (.+)$/m.exec(first.text)?.[1];
      if (heading) page.name = heading.replaceAll('`', '');
    }
  });
}

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'egvkit',
  entryPoints: [...entries.keys()],
  tsconfig: 'tsconfig.docs.json',
  compilerOptions: {
    paths: Object.fromEntries([...entries].map(([file, name]) => [name, [`./${file}`]])),
  },
  out: 'docs/site',
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  sort: ['source-order'],
  projectDocuments: [
    'docs/spec/README.md',
    'docs/spec/{receiver,share,host-usb}.md',
    'docs/*.md',
    'docs/reference/*.md',
    'packages/!(contracts)/README.md',
  ],
  highlightLanguages: ['typescript', 'javascript', 'json', 'bash', 'html', 'xml', 'ini'],
  validation: { invalidLink: true, invalidPath: true, notExported: true, rewrittenLink: true },
  plugin: [rename],
};
