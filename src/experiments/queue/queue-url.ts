/** @file The address of a queue: which server it names, and how it is shown without its password. */
import { ConfigError } from '../../base/errors.ts';

export interface QueueUrl {
  readonly kind: 'redis' | 'postgres';
  /** Without the password. */
  readonly shown: string;
}

const kinds: Readonly<Record<string, QueueUrl['kind']>> = {
  'redis:': 'redis',
  'rediss:': 'redis',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};

/**
 * What an address says.
 *
 * @throws ConfigError QUEUE_URL
 */
export function parseQueueUrl(text: string): QueueUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const kind = url && kinds[url.protocol];
  if (url === undefined || kind === undefined || url.hostname === '') {
    throw new ConfigError(
      'QUEUE_URL',
      `queue: expected the address of a Redis or PostgreSQL server (redis://host:6379, rediss://..., postgres://user@host/database), found ${JSON.stringify(hidden(text))}`,
    );
  }
  if (url.password !== '') url.password = '***';
  // A password may also be a parameter, as PostgreSQL's own tools write it.
  if (url.searchParams.has('password')) url.searchParams.set('password', '***');
  return { kind, shown: url.href };
}

/** Even what is no address may hold a password. */
const hidden = (text: string): string => text.replace(/:[^:@/]*@/, ':***@');
