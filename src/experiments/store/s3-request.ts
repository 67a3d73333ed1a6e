/** @file Signed requests to S3, repeated with growing pauses where a failure may pass. */
import { AwsV4Signer } from 'aws4fetch';
import { SystemError } from '../../base/errors.ts';
import { createHash } from '../../platform/hashes.ts';
import { sleep } from '../../platform/waiting.ts';
import { systemCodeOf } from '../../storage/file-errors.ts';
import { mayPass, readFailure, refused, type S3Failure } from './s3-failure.ts';
import type { S3Place } from './s3-place.ts';

export interface S3Request {
  readonly method: 'GET' | 'PUT';
  /** Of an object; empty for the bucket itself. */
  readonly key: string;
  /** @default {} */
  readonly query?: Readonly<Record<string, string>>;
  /** @default nothing */
  readonly body?: Uint8Array;
}

/** Times that a request is made. */
const attempts = 6;
/** Milliseconds; they double. */
const firstPause = 200;
/** Milliseconds that an answer may take. */
const patience = 60_000;

/**
 * Makes a request until it is answered.
 *
 * @returns the body of the answer; undefined where there is no such object
 * @throws SystemError S3_REFUSED, S3_UNREACHABLE
 */
export async function s3Request(
  place: S3Place,
  request: S3Request,
): Promise<Uint8Array | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await once(place, request).catch((cause: unknown) => {
      if (attempt === attempts) throw unreachable(place, cause);
      return undefined;
    });
    if (answer instanceof Uint8Array) return answer;
    if (answer !== undefined) {
      if (isMissing(request, answer)) return undefined;
      if (attempt === attempts || !mayPass(answer)) throw refused(place, request, answer);
    }
    await sleep(firstPause * 2 ** (attempt - 1));
  }
}

/** Servers that say nothing but 404 mean the object, where one was asked for. */
function isMissing({ method, key }: S3Request, { status, code }: S3Failure): boolean {
  if (method !== 'GET' || key === '' || status !== 404) return false;
  return code === '' || code === 'NoSuchKey';
}

async function once(
  { address, region, credentials }: S3Place,
  { method, key, query = {}, body }: S3Request,
): Promise<Uint8Array | S3Failure> {
  const search = Object.entries(query).map(([name, value]) => `${name}=${encoded(value)}`);
  const content = body && new Uint8Array(body);
  const signed = await new AwsV4Signer({
    method,
    url: `${address}${key.split('/').map(encoded).join('/')}${search.length > 0 ? `?${search.join('&')}` : ''}`,
    // Said, because S3 takes a body without its sum only over TLS, and a damaged one must be noticed.
    headers: { 'X-Amz-Content-Sha256': sha256(content ?? new Uint8Array()) },
    service: 's3',
    region,
    ...credentials,
  }).sign();
  const response = await fetch(signed.url, {
    method,
    headers: signed.headers,
    // The signature holds for one host.
    redirect: 'manual',
    signal: AbortSignal.timeout(patience),
    ...(content === undefined ? {} : { body: content }),
  });
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : await readFailure(response);
}

/** As the signature has it (RFC 3986), which leaves fewer characters than encodeURIComponent. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function unreachable({ name, address }: S3Place, cause: unknown): SystemError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = systemCodeOf(inner);
  const reason = code === 'UNKNOWN' && inner instanceof Error ? inner.message : code;
  return new SystemError(
    'S3_UNREACHABLE',
    `store: ${name}: cannot reach ${new URL(address).origin} (${reason}); check the connection, and AWS_ENDPOINT_URL_S3 for a server of your own`,
    { cause },
  );
}
