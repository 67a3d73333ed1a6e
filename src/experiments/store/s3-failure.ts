/** @file What a server of S3 refused, as an error that says what to do. */
import { SystemError } from '../../base/errors.ts';
import { ownValue } from '../../base/own-value.ts';
import type { S3Place } from './s3-place.ts';
import { textOf } from './s3-xml.ts';

/** An answer that is a failure. */
export interface S3Failure {
  readonly status: number;
  /** S3's name for it: `NoSuchKey`; empty where the server says none. */
  readonly code: string;
  readonly message: string;
  /** Where the bucket is, if the server says so. */
  readonly region: string | undefined;
}

export async function readFailure(response: Response): Promise<S3Failure> {
  const text = await response.text().catch(() => '');
  return {
    status: response.status,
    code: textOf(text, 'Code') ?? '',
    message: textOf(text, 'Message') ?? '',
    region: textOf(text, 'Region') ?? response.headers.get('x-amz-bucket-region') ?? undefined,
  };
}

/** Whether the same request may succeed later. */
export function mayPass({ status, code }: S3Failure): boolean {
  return status >= 500 || status === 429 || code === 'RequestTimeout' || code === 'SlowDown';
}

const wrongKeys = 'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
const advice: Readonly<Record<string, string>> = {
  NoSuchBucket: 'make the bucket, or correct its name',
  AccessDenied:
    'the keys need the permissions s3:GetObject, s3:PutObject and, of the bucket, s3:ListBucket',
  InvalidAccessKeyId: wrongKeys,
  SignatureDoesNotMatch: wrongKeys,
  ExpiredToken: 'get new keys: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN',
  InvalidToken: 'AWS_SESSION_TOKEN does not belong to these keys; get new ones',
  RequestTimeTooSkewed: 'set the clock of this machine',
};
const wrongRegion = [
  'AuthorizationHeaderMalformed',
  'PermanentRedirect',
  'TemporaryRedirect',
  'IllegalLocationConstraintException',
];

/** The failure of a request for a key. */
export function refused(
  { bucket, region }: S3Place,
  request: { readonly method: string; readonly key: string },
  failure: S3Failure,
): SystemError {
  const { status, code, message } = failure;
  const said = [String(status), code, message && `(${message})`].filter((word) => word !== '');
  let todo = ownValue(advice, code) ?? (status === 403 ? advice.AccessDenied : undefined);
  if (wrongRegion.includes(code) || status === 301) {
    todo = `the bucket is not in the region ${region}; set AWS_REGION=${failure.region ?? 'its region'}`;
  }
  if (mayPass(failure)) todo = 'several attempts failed; try again when the server is well';
  return new SystemError(
    'S3_REFUSED',
    `store: ${request.method} of s3://${bucket}/${request.key} was answered with ${said.join(' ')}; ${todo ?? 'see what the server means by it'}`,
  );
}
