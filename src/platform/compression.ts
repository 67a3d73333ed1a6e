/** @file Compressed files that come with the package. */
export { gunzipSync as gunzipped } from 'node:zlib';
