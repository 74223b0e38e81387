import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Served, serve, temporaryFolder } from './programs.ts';

/** As of when workerd behaves; newer than the day on which variables got into process.env. */
const COMPATIBILITY_DATE = '2026-11-01';

/** Starts a module as a worker. It may talk to this computer and nobody else. */
export async function serveWorker(
  workerd: string,
  code: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Served> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const config = join(folder.path, 'config.capnp');
  await writeFile(join(folder.path, 'worker.js'), code);
  await writeFile(config, configuration(variables));
  const served = stack.use(await serve(workerd, ['serve', config, '--control-fd=3'], {}));
  const resources = stack.move();
  return { ...served, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** The format is that of workerd.capnp, which comes with workerd. */
function configuration(variables: Readonly<Record<string, string>>): string {
  const bindings = Object.entries(variables).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  compatibilityFlags = [${Object.keys(variables).length > 0 ? '"nodejs_compat"' : ''}],
  bindings = [${bindings.join(', ')}],
);
`;
}
