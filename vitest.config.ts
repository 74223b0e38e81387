import { defineConfig } from 'vitest/config';

// Of every package: the scripts name this file, vitest's root stays the package's own folder.
export default defineConfig({
  test: {
    include: ['**/test/**/*.test.{ts,mjs}'],
    // Read by scripts/test-counts.mjs.
    reporters: ['default', ['json', { outputFile: '.results/vitest.json' }]],
  },
});
