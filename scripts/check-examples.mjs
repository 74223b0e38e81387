// Type-checks the ts blocks of docstrings and of the READMEs of packages: extracts each into a file
// of its own and runs tsc over all of them. Blocks of READMEs count if they begin with their imports.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docstringExamples, markdownExamples } from './examples.mjs';
import { inRoot, workspacePackages } from './workspace.mjs';

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(inRoot(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const textOf = (/** @type {string} */ path) => readFileSync(inRoot(path), 'utf8');
/** READMEs whose blocks use names that only their text explains. */
const FRAGMENTS = new Set(
  ['protocol', 'receiver-serial', 'uploader'].map((name) => `packages/${name}/README.md`),
);

const packages = workspacePackages().filter(({ folder }) => folder.startsWith('packages/'));

/** @param {import('./workspace.mjs').WorkspacePackage} each */
function examplesOf({ folder }) {
  const sources = filesBelow(`${folder}/src`).filter((path) => path.endsWith('.ts'));
  const readme = `${folder}/README.md`;
  return [
    ...sources.flatMap((path) =>
      docstringExamples(textOf(path)).map((each) => ({ path, ...each })),
    ),
    ...(existsSync(inRoot(readme)) && !FRAGMENTS.has(readme)
      ? markdownExamples(textOf(readme))
      : []
    )
      .filter(({ code }) => code.startsWith('import '))
      .map((each) => ({ path: readme, ...each })),
  ];
}

/** Paths at which tsc finds the built types of every entry of a package. */
const paths = Object.fromEntries(
  packages.flatMap(({ folder, name, manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([entry, target]) =>
      typeof target === 'object' && target.types !== undefined
        ? [[join(name, entry), [inRoot(join(folder, target.types))]]]
        : [],
    ),
  ),
);

// In node_modules, where no other check looks.
const out = inRoot('node_modules/.cache/examples');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const files = packages.flatMap(examplesOf).map(({ path, line, code }) => {
  const name = `${path.replace(/^packages\//, '').replace(/[/.]/g, '-')}-${line}.mts`;
  writeFileSync(join(out, name), `// ${path}:${line}\n${code}\nexport {};\n`);
  return name;
});
const config = {
  extends: inRoot('tsconfig.json'),
  compilerOptions: {
    paths,
    typeRoots: [inRoot('node_modules/@types')],
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
  include: [],
  files,
};
writeFileSync(join(out, 'tsconfig.json'), JSON.stringify(config));
try {
  const tsc = inRoot('node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', out], { stdio: 'inherit' });
} catch {
  process.exitCode = 1;
}
console.log(`${files.length} examples`);
if (files.length === 0) process.exitCode = 1;
