/** @file Compressed files that come with the package. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** What was compressed by gzip. */
export const gunzipped: (bytes: Uint8Array) => Promise<Uint8Array> = promisify(gunzip);
