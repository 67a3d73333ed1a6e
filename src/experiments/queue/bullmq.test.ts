import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { pooledClient } from './bullmq.ts';

const ending = () => new Error('terminating connection due to administrator command');

describe('a client of PostgreSQL that a pool has lent', () => {
  test('outlives an end of its connection that nobody waits for', () => {
    const client = new (pooledClient())();
    expect(client.emit('error', ending())).toBe(true);
  });

  test('which would end the process where nobody listens', () => {
    expect(() => new EventEmitter().emit('error', ending())).toThrow('terminating connection');
  });
});
