import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayError } from '../errors.ts';

/** A file of a page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly content: Uint8Array;
}

/** Content types by the end of the name. */
const TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  css: 'text/css; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  gif: 'image/gif',
  htm: 'text/html; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  map: 'application/json',
  mjs: 'text/javascript; charset=utf-8',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  xml: 'application/xml',
};

const OTHER_TYPE = 'application/octet-stream';

/** The document that a folder stands for. */
const INDEX = 'index.html';

const MOST_FILES = 10_000;

/** Undefined on Windows, where no file is a symbolic link by accident. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;

const typeOf = (name: string): string =>
  TYPES[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? OTHER_TYPE;

/** One spelling for each path, in which an encoded slash is not a slash; undefined if it has none. */
function spelled(path: string): string | undefined {
  try {
    return path
      .split('/')
      .map((part) => encodeURIComponent(decodeURIComponent(part)))
      .join('/');
  } catch {
    return undefined;
  }
}

/** The name of the file that a path stands for; undefined if it has none. */
function nameAt(pathname: string): string | undefined {
  return spelled(pathname.endsWith('/') ? pathname + INDEX : pathname);
}

/**
 * The files of a folder as they were when it was listed. What is not in the list is not served, so
 * no path leads out of the folder; links and what begins with a dot are not in the list.
 */
export class PageFiles {
  readonly #pathOf: ReadonlyMap<string, string>;
  readonly #made: ReadonlyMap<string, PageFile>;

  private constructor(pathOf: ReadonlyMap<string, string>, made: ReadonlyMap<string, PageFile>) {
    this.#pathOf = pathOf;
    this.#made = made;
  }

  /**
   * Lists a folder, and adds what is made by the caller: text by names, in place of a file of the
   * same name. Throws `RelayError` if the folder is none, or has no index.html.
   */
  static async list(
    folder: string,
    texts: Readonly<Record<string, string>> = {},
  ): Promise<PageFiles> {
    const pathOf = new Map<string, string>();
    const made = new Map<string, PageFile>();
    for (const [name, text] of Object.entries(texts)) {
      const path = name.split('/').map(encodeURIComponent).join('/');
      made.set(`/${path}`, { type: typeOf(name), content: Buffer.from(text) });
    }
    const list = async (path: string, at: string): Promise<void> => {
      for (const entry of await readdir(path, { withFileTypes: true })) {
        if (entry.name.startsWith('.')) continue;
        const inside = `${at}/${encodeURIComponent(entry.name)}`;
        if (entry.isDirectory()) await list(join(path, entry.name), inside);
        else if (entry.isFile()) pathOf.set(inside, join(path, entry.name));
        if (pathOf.size > MOST_FILES) {
          throw new RelayError('tooManyFiles', { folder, maxFiles: MOST_FILES });
        }
      }
    };
    try {
      await list(folder, '');
    } catch (cause) {
      if (cause instanceof RelayError) throw cause;
      const { code: systemCode = 'nothing' } = cause as NodeJS.ErrnoException;
      throw new RelayError('folderUnreadable', { folder, systemCode }, { cause });
    }
    if (pathOf.has(`/${INDEX}`) || made.has(`/${INDEX}`)) return new PageFiles(pathOf, made);
    throw new RelayError('noIndexPage', { folder });
  }

  /** Tells whether a file is at a path as it stands in a request. */
  has(pathname: string): boolean {
    const name = nameAt(pathname);
    return name !== undefined && (this.#made.has(name) || this.#pathOf.has(name));
  }

  /** Reads the file at a path as it stands in a request; undefined if there is none. */
  async read(pathname: string): Promise<PageFile | undefined> {
    const name = nameAt(pathname) ?? '';
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    const path = this.#pathOf.get(name);
    if (path === undefined) return undefined;
    try {
      // Not what has come into its place since.
      await using file = await open(path, constants.O_RDONLY | NO_LINK);
      if (!(await file.stat()).isFile()) return undefined;
      return { type: typeOf(path), content: await file.readFile() };
    } catch {
      return undefined;
    }
  }
}
