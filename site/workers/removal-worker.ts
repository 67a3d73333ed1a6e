/** @file The worker that removes all files of the site, before its Studio begins. It says whether it could. */
import { removeAllFiles } from '../../src/platform/browser/file-system/all-files.ts';

removeAllFiles().then(
  () => postMessage({ isRemoved: true }),
  (error: unknown) => {
    reportError(error);
    postMessage({ isRemoved: false });
  },
);
