/** @file What fails in a file system, as the library knows it from Node. */

const meanings = {
  EBUSY: 'it is being written elsewhere',
  EEXIST: 'it is there already',
  EISDIR: 'it is a folder',
  ENODATA: 'its content is not there any more',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the browser gives this page no more space',
  ENOTDIR: 'a part of the path is not a folder',
  ENOTEMPTY: 'the folder is not empty',
  EPERM: 'a browser has nothing like it',
  EROFS: 'it can only be read',
} as const;

/** An error with the code that the system of a machine would give. */
export class FileSystemError extends Error {
  readonly code: keyof typeof meanings;
  /** Errors of system calls have it; those of the library do not. */
  readonly syscall = 'page';

  constructor(code: keyof typeof meanings, path: string, options?: ErrorOptions) {
    super(`${code}: ${meanings[code]}, ${path}`, options);
    this.code = code;
  }
}
