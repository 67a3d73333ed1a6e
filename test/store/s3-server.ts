/** @file S3 on this machine: objects in memory, every signature computed anew and compared, failures where told to. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const keys = { id: 'AKIATEST', secret: 'secret/with+signs', token: 'a session=token' };
export const region = 'eu-test-1';

export interface S3Server {
  readonly url: string;
  /** Content by bucket and key: "bucket/key". */
  readonly objects: Map<string, Uint8Array>;
  /** Requests so far: "GET /bucket/key". */
  readonly asked: string[];
  /** So many of the next requests are answered with 503. */
  failures: number;
  /** So many of the next connections are broken without an answer. */
  breaks: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
}

/** Keys that one answer lists, to have several of them. */
const pageLength = 3;

/** Starts a server that has one bucket, "bucket". */
export async function startS3Server(): Promise<S3Server> {
  const server = createServer((request, response) => {
    void bytesOf(request).then((body) => {
      state.asked.push(`${request.method} ${request.url}`);
      if (state.breaks > 0) {
        state.breaks -= 1;
        request.socket.destroy();
        return;
      }
      const answer = answerTo(state, request, body);
      response.writeHead(answer.status, { 'Content-Type': 'application/xml' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: S3Server = {
    url: `http://127.0.0.1:${port}`,
    objects: new Map(),
    asked: [],
    failures: 0,
    breaks: 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return state;
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function failure(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body };
}

function answerTo(state: S3Server, request: IncomingMessage, body: Buffer): Answer {
  if (state.failures > 0) {
    state.failures -= 1;
    return failure(503, 'SlowDown', 'Please reduce your request rate.');
  }
  const { pathname, searchParams } = new URL(request.url ?? '', state.url);
  const wrong = signatureFault(request, body);
  if (wrong !== undefined) return wrong;
  const [bucket = '', ...parts] = pathname.slice(1).split('/').map(decodeURIComponent);
  if (bucket !== 'bucket')
    return failure(404, 'NoSuchBucket', 'No bucket &amp; no &quot;name&quot;');
  const key = parts.join('/');
  const name = `${bucket}/${key}`;
  if (request.method === 'PUT') {
    state.objects.set(name, body);
    return { status: 200, body: '' };
  }
  if (key === '') return list(state, searchParams);
  const object = state.objects.get(name);
  return object === undefined
    ? failure(404, 'NoSuchKey', 'The specified key does not exist.')
    : { status: 200, body: object };
}

/** A page of the keys that begin with a prefix, as ListObjectsV2 has it. */
function list({ objects }: S3Server, query: URLSearchParams): Answer {
  const prefix = `bucket/${query.get('prefix') ?? ''}`;
  const all = [...objects.keys()].filter((name) => name.startsWith(prefix)).sort();
  const start = Number(query.get('continuation-token') ?? 0);
  const contents = all.slice(start, start + pageLength).map((name) => {
    const key = name.slice('bucket/'.length);
    const shown = encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
    return `<Contents><Key>${shown}</Key><Size>1</Size></Contents>`;
  });
  const end = start + contents.length;
  const next = end < all.length ? `<NextContinuationToken>${end}</NextContinuationToken>` : '';
  return {
    status: 200,
    body: `<ListBucketResult><EncodingType>url</EncodingType>${next}${contents.join('')}</ListBucketResult>`,
  };
}

/** What is wrong with a request's signature (AWS General Reference, Signature Version 4), step by step. */
function signatureFault({ method, url, headers }: IncomingMessage, body: Buffer) {
  const header = (name: string) => String(headers[name] ?? '');
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      header('authorization'),
    );
  const [, id, scope = '', signedHeaders = '', signature] = given ?? [];
  if (id !== keys.id) return failure(403, 'InvalidAccessKeyId', 'Unknown key.');
  if (header('x-amz-security-token') !== keys.token) {
    return failure(403, 'InvalidToken', 'Wrong token.');
  }
  const sum = createHash('sha256').update(body).digest('hex');
  if (header('x-amz-content-sha256') !== sum) {
    return failure(400, 'XAmzContentSHA256Mismatch', 'The body is not what was signed.');
  }
  const date = header('x-amz-date');
  if (scope !== `${date.slice(0, 8)}/${region}/s3/aws4_request`) {
    return failure(
      400,
      'AuthorizationHeaderMalformed',
      `Expecting ${region}.</Message><Region>${region}</Region><Message>`,
    );
  }
  const required = ['host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'];
  const names = signedHeaders.split(';');
  if (!required.every((name) => names.includes(name))) {
    return failure(403, 'AccessDenied', 'Not all headers are signed.');
  }
  const [path = '', search = ''] = (url ?? '').split('?');
  const canonical = [
    method,
    path,
    search.split('&').sort().join('&'),
    ...names.map((name) => `${name}:${header(name).trim()}`),
    '',
    signedHeaders,
    sum,
  ].join('\n');
  const text = [
    'AWS4-HMAC-SHA256',
    date,
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  const key = [...scope.split('/')].reduce<string | Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    `AWS4${keys.secret}`,
  );
  return createHmac('sha256', key).update(text).digest('hex') === signature
    ? undefined
    : failure(403, 'SignatureDoesNotMatch', 'The signature is another one.');
}
