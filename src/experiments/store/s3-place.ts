/** @file Where a store on S3 is, and the keys to it: its name, and the variables that all tools for S3 read. */
import type { Environment } from '../../base/environment.ts';
import { ConfigError } from '../../base/errors.ts';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3Place {
  /** As a user names it. */
  readonly name: string;
  readonly bucket: string;
  /** Begins every key: empty, or with a slash at its end. */
  readonly prefix: string;
  /** Of the bucket, with a slash at its end: a key follows. */
  readonly address: string;
  readonly region: string;
  readonly credentials: S3Credentials;
}

const bucketName = /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/;

/**
 * The place of `s3://bucket/prefix`.
 *
 * @throws ConfigError S3_NAME, S3_ENDPOINT, S3_CREDENTIALS
 */
export function s3Place(name: string, environment: Environment): S3Place {
  const [bucket = '', ...parts] = name.slice('s3://'.length).replace(/\/$/, '').split('/');
  if (!bucketName.test(bucket) || parts.some((part) => part === '' || part.startsWith('.'))) {
    throw new ConfigError(
      'S3_NAME',
      `store: ${name} is no place on S3; expected s3://bucket/folder, the bucket with 3 to 63 letters, digits, dots and hyphens`,
    );
  }
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || 'us-east-1';
  return {
    name,
    bucket,
    prefix: parts.map((part) => `${part}/`).join(''),
    address: addressOf(bucket, region, environment),
    region,
    credentials: credentialsFrom(name, environment),
  };
}

/** Servers of one's own have no name for every bucket, and no certificate has names with dots in them. */
function addressOf(bucket: string, region: string, environment: Environment): string {
  const endpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL;
  if (endpoint !== undefined && endpoint !== '') {
    if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
      throw new ConfigError(
        'S3_ENDPOINT',
        `store: AWS_ENDPOINT_URL_S3 is ${endpoint}; expected an address such as http://localhost:9000`,
      );
    }
    return `${endpoint.replace(/\/$/, '')}/${bucket}/`;
  }
  return bucket.includes('.')
    ? `https://s3.${region}.amazonaws.com/${bucket}/`
    : `https://${bucket}.s3.${region}.amazonaws.com/`;
}

function credentialsFrom(name: string, environment: Environment): S3Credentials {
  const accessKeyId = environment.AWS_ACCESS_KEY_ID;
  const secretAccessKey = environment.AWS_SECRET_ACCESS_KEY;
  const sessionToken = environment.AWS_SESSION_TOKEN;
  if (!accessKeyId || !secretAccessKey) {
    throw new ConfigError(
      'S3_CREDENTIALS',
      `store: ${name} needs the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for keys that expire); other places for keys are not read`,
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
