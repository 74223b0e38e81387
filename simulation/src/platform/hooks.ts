import { registerHooks } from 'node:module';

/** Modules of ours that keep files, by a part of their address. */
const KEEPS_FILES = /\/packages\/(?:node-files|uploader|share-http)\/(?:dist|src)\//;
const IN_NODE_FILES = /\/packages\/node-files\/(?:dist|src)\//;

const here = (name: string): string => new URL(`./${name}.ts`, import.meta.url).href;

/** Modules of the system, and those that stand in for them here. */
const STANDS_IN: Readonly<Record<string, string>> = {
  'node:fs/promises': here('fs-promises'),
  'node:crypto': here('node-crypto'),
  'node:timers/promises': here('node-timers'),
};

/**
 * Puts the simulated disk in the place of the system's, under the product's own code: the modules that
 * keep journals, sessions and locks run as they are, and what they import of Node is exchanged.
 */
export function installHooks(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const { parentURL = '' } = context;
      const standsIn = STANDS_IN[specifier];
      if (standsIn !== undefined && KEEPS_FILES.test(parentURL)) {
        return { url: standsIn, format: 'module-typescript', shortCircuit: true };
      }
      const isProgram = /^\.\/program\.[jt]s$/.test(specifier) && IN_NODE_FILES.test(parentURL);
      if (isProgram) {
        return { url: here('program'), format: 'module-typescript', shortCircuit: true };
      }
      return nextResolve(specifier, context);
    },
  });
}
