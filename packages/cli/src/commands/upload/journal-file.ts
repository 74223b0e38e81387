import type { OpenJournal } from '@egvkit/uploader';
import { fileJournal } from '@egvkit/uploader/node';
import type { Io } from '../../io/io.ts';
import { journalPath, stateFolder } from '../../io/state-path.ts';
import type { UploadOptions } from '../../options/upload.ts';

/** Opens the journal that is named, or the one of this receiver and this account. */
export function journalOpener({ journal }: Pick<UploadOptions, 'journal'>, io: Io): OpenJournal {
  return (owner) => {
    const folder = stateFolder(io.env);
    return fileJournal(journal ?? journalPath(folder, owner.serialNumber, owner.target))(owner);
  };
}
