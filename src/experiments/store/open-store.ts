/** @file A store by its name. */
import type { Environment } from '../../base/environment.ts';
import { ConfigError } from '../../base/errors.ts';
import { processEnvironment } from '../../platform/machine.ts';
import { folderStore } from './folder-store.ts';
import type { ResultStore } from './result-store.ts';
import { s3Place } from './s3-place.ts';
import { s3Store } from './s3-store.ts';

/**
 * The store of a name: `s3://bucket/prefix`, or a folder. Nothing is read or written yet.
 *
 * @param environment variables of the process: address, region and keys of S3; by default those of this process
 * @throws ConfigError STORE_KIND, S3_NAME, S3_ENDPOINT, S3_CREDENTIALS
 */
export function openStore(
  name: string,
  environment: Environment = processEnvironment,
): ResultStore {
  if (name.startsWith('s3://')) return s3Store(s3Place(name, environment));
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(name)) {
    throw new ConfigError(
      'STORE_KIND',
      `store: ${name} is of an unknown kind; give a folder, or s3://bucket/folder (many other services speak S3 too: set AWS_ENDPOINT_URL_S3)`,
    );
  }
  return folderStore(name);
}
