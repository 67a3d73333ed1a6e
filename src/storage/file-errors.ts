/** @file What the operating system refused, said as an error that tells the user what to do. */
import { SystemError } from '../base/errors.ts';
import { moreSpace } from '../platform/files.ts';

interface Advice {
  readonly code: string;
  readonly advice: string;
}

const diskFull = {
  code: 'DISK_FULL',
  advice: `there is no more space; ${moreSpace}`,
};
const notWritable = {
  code: 'NOT_WRITABLE',
  advice: 'it is not writable; choose another folder or change its permissions',
};
const tooManyFiles = {
  code: 'TOO_MANY_FILES',
  advice: 'too many files are open; close other programs or raise the limit (ulimit -n)',
};

const whenReading: Readonly<Record<string, Advice>> = {
  ENOENT: { code: 'FILE_NOT_FOUND', advice: 'it does not exist; check the path' },
  ENOTDIR: { code: 'FILE_NOT_FOUND', advice: 'a part of the path is not a folder; check the path' },
  EISDIR: { code: 'NOT_A_FILE', advice: 'it is a folder; give a file' },
  EACCES: { code: 'NOT_READABLE', advice: 'it is not readable; change its permissions' },
  EPERM: { code: 'NOT_READABLE', advice: 'it is not readable; change its permissions' },
  ERR_FS_FILE_TOO_LARGE: {
    code: 'FILE_TOO_LARGE',
    advice:
      'it is larger than 2 GiB, too large for a file that is read whole; check that it is the right one',
  },
  EMFILE: tooManyFiles,
  ENODATA: {
    code: 'CONTENT_GONE',
    advice:
      'the browser has removed what was in it, as it does where space is short; get or make it again',
  },
};

const whenWriting: Readonly<Record<string, Advice>> = {
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  EFBIG: diskFull,
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  ENOENT: {
    code: 'FOLDER_NOT_FOUND',
    advice: 'its folder is missing, perhaps removed meanwhile; create it and try again',
  },
  ENOTDIR: { code: 'FOLDER_NOT_FOUND', advice: 'a part of the path is not a folder' },
  EISDIR: { code: 'NOT_A_FILE', advice: 'it is a folder; choose another name' },
  EEXIST: { code: 'FILE_EXISTS', advice: 'it is there already; choose another name' },
  EMFILE: tooManyFiles,
};

/**
 * What the system refused as a SystemError naming the path. Anything else that was thrown meanwhile passes unchanged:
 * errors of this package, the reason of a signal, bugs.
 */
export function fileError(doing: 'read' | 'write', path: string, cause: unknown): unknown {
  if (!isOfSystem(cause)) return cause;
  const systemCode = systemCodeOf(cause);
  const table = doing === 'read' ? whenReading : whenWriting;
  const { code, advice } = damagedName(systemCode, path) ??
    table[systemCode] ?? {
      code: 'FILE_FAILED',
      advice: `the system said ${systemCode}: ${cause.message}`,
    };
  return new SystemError(code, `cannot ${doing} ${path}: ${advice}`, { cause });
}

/** Node lists names that are not UTF-8 with U+FFFD in them, under which nothing is found. */
function damagedName(systemCode: string, path: string): Advice | undefined {
  if (systemCode !== 'ENOENT' || !path.includes('\uFFFD')) return undefined;
  return { code: 'NAME_ENCODING', advice: 'its name is not UTF-8 (at \uFFFD); rename it' };
}

/** Errors of system calls, and Node's own of what it was asked for. */
function isOfSystem(cause: unknown): cause is Error {
  return cause instanceof Error && ('syscall' in cause || systemCodeOf(cause).startsWith('ERR_'));
}

/** Node's code of a failed system call, such as ENOENT. */
export function systemCodeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN';
}
