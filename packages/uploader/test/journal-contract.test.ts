import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JOURNAL_CASES, type JournalPromises } from '@egvkit/contracts/journal';
import { describe, it, onTestFinished } from 'vitest';
import { memoryJournal, type OpenJournal } from '../src/index.ts';
import { fileJournal } from '../src/node.ts';

interface Kind {
  readonly promises: JournalPromises;
  readonly begin: () => Promise<OpenJournal>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  memoryJournal: {
    promises: { isExclusive: false, isForAllOwners: true },
    begin: async () => memoryJournal(),
  },
  fileJournal: {
    promises: { isExclusive: true, isForAllOwners: false },
    async begin() {
      const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      return fileJournal(join(folder, 'journal.ndjson'));
    },
  },
};

// The journal of @egvkit/uploader/browser passes the same cases in a browser: apps/demo/test.
for (const [name, { promises, begin }] of Object.entries(KINDS)) {
  describe(name, () => {
    for (const { says, run } of JOURNAL_CASES.filter((one) => one.isFor(promises))) {
      it(says, async () => {
        await run(await begin());
      });
    }
  });
}
