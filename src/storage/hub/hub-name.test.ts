import { describe, expect, test } from 'vitest';
import { formatHubName, isCommit, parseHubName } from './hub-name.ts';

describe('a name of the hub', () => {
  test.each([
    ['owner/name', 'owner/name', 'main', undefined],
    ['owner/name@v1.0', 'owner/name', 'v1.0', undefined],
    ['owner/name@refs/pr/3', 'owner/name', 'refs/pr/3', undefined],
    ['owner/name:fp16', 'owner/name', 'main', 'fp16'],
    ['Own-er_1/na.me-2@main:non_ema', 'Own-er_1/na.me-2', 'main', 'non_ema'],
  ])('%s is read in its parts', (text, repository, revision, variant) => {
    expect(parseHubName(text)).toEqual({ repository, revision, variant });
  });

  test.each([
    'pocket',
    './folder',
    '../folder',
    '/owner/name',
    'owner/name/more',
    'owner\\name',
    'owner/',
    'owner/na me',
    'owner/-name',
    'owner/na--me',
    'owner/na..me',
    'owner/name@',
    'owner/name@../../etc',
    'owner/name@a/../b',
    'owner/name@/a',
    'owner/name@.hidden',
    'owner/name:',
    'owner/name:a/b',
    'owner/name:a:b',
    `owner/${'n'.repeat(91)}`,
    'C:/model',
  ])('%s is none', (text) => {
    expect(parseHubName(text)).toBeUndefined();
  });

  test('is written so that it is read back', () => {
    const name = { repository: 'owner/name', revision: 'refs/pr/3', variant: 'fp16' };
    expect(parseHubName(formatHubName(name))).toEqual(name);
  });

  test('pins a revision only as a full commit', () => {
    expect(isCommit('0123456789abcdef0123456789abcdef01234567')).toBe(true);
    expect(isCommit('0123456')).toBe(false);
    expect(isCommit('main')).toBe(false);
  });
});
