/** @file Results in a bucket of S3, or of one of the many servers that speak its protocol. */
import { decodeText } from '../../formats/text.ts';
import type { ResultStore } from './result-store.ts';
import type { S3Place } from './s3-place.ts';
import { s3Request } from './s3-request.ts';
import { textOf, textsOf } from './s3-xml.ts';
import { requireName, requirePrefix } from './store-name.ts';

/** A store in a bucket. An object appears with all of its bytes, as S3 promises. */
export function s3Store(place: S3Place): ResultStore {
  const keyOf = (name: string): string => {
    requireName(name);
    return `${place.prefix}${name}`;
  };
  return {
    name: place.name,
    read: async (name) => await s3Request(place, { method: 'GET', key: keyOf(name) }),
    async write(name, content) {
      await s3Request(place, { method: 'PUT', key: keyOf(name), body: content });
    },
    async list(prefix) {
      requirePrefix(prefix);
      const keys = await keysUnder(place, `${place.prefix}${prefix}`);
      return keys.map((key) => key.slice(place.prefix.length)).sort();
    },
  };
}

/** All keys that begin with a prefix; a server gives them out by the thousand. */
async function keysUnder(place: S3Place, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const query = {
      'list-type': '2',
      // Keys may hold characters that XML cannot.
      'encoding-type': 'url',
      prefix,
      ...(token === undefined ? {} : { 'continuation-token': token }),
    };
    const answer = await s3Request(place, { method: 'GET', key: '', query });
    const xml = decodeText(answer ?? new Uint8Array(), 'the list of a store');
    const isEncoded = textOf(xml, 'EncodingType') === 'url';
    keys.push(...textsOf(xml, 'Key').map((key) => (isEncoded ? decoded(key) : key)));
    token = textOf(xml, 'NextContinuationToken');
  } while (token !== undefined);
  return keys;
}

/** S3 encodes a space as forms do. */
const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));
