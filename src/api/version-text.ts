/** @file The version of the package, as a program may ask for it. */
import { packageVersion } from '../platform/version.ts';

/** As package.json says it: `0.1.0`. */
export const VERSION: string = packageVersion();
