#!/usr/bin/env node
import { describeOldNode } from './node-version.ts';

// An old Node.js stops here: the rest is imported only where it can run.
const problem = describeOldNode();
if (problem === undefined) {
  const { egvkit } = await import('./commands/program.ts');
  const { runProcess } = await import('./io/process.ts');
  await runProcess((args, io) =>
    egvkit(args, io, async () => {
      if (!(io.env.HTTPS_PROXY || io.env.https_proxy)) return;
      const { useProxy } = await import('./io/proxy.ts');
      await useProxy(io.env);
    }),
  );
} else {
  process.stderr.write(problem);
  process.exitCode = 1;
}
