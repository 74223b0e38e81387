/** A file that must not be used; `reason` completes "… cannot be used:". */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`${path} cannot be used: ${reason}.`);
    this.path = path;
    this.reason = reason;
  }
}

/** The system's code of a failed call; undefined if it is another kind of error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than the system allows',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a directory',
  ENOTDIR: 'part of its path is not a directory',
  EEXIST: 'part of its path is not a directory',
  ELOOP: 'its symbolic links lead nowhere',
};

/** Reason for which a file cannot be used, for people; undefined for an error of another kind. */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof FileError) return error.reason;
  const code = codeOf(error);
  return code === undefined ? undefined : (REASONS[code] ?? `the system says ${code}`);
}
