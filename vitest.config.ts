import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Of every package: the scripts name this file, vitest's root stays the package's own folder.
export default defineConfig({
  test: {
    // Only against hanging: on a busy machine a test may take ten times as long as alone.
    testTimeout: 30_000,
    // Most tests wait for ports, processes and sockets: two at a time where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Of one file, tests that start programs share the same cores.
    maxConcurrency: 2,
    include: ['**/test/**/*.test.{ts,mjs}'],
    // Read by scripts/test-counts.mjs.
    reporters: ['default', ['json', { outputFile: '.results/vitest.json' }]],
  },
});
