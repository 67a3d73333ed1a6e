import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failures as german } from './de/failures.ts';
import { failureText, namesIn } from './failures.ts';

const src = new URL('../../src', import.meta.url).pathname;
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => /(?<!\.test)\.ts$/.test(name) && !name.includes('derived'))
  .map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }));

const failing = /(?:Error\(\s*|\bcode: )'([A-Z][A-Z0-9_]+)'/g;
/** Answers that only strangers get, or the terminal. */
const notInAPage = 'studio/server/';

describe('what was refused, in German', () => {
  test.each(Object.keys(german))('%s is a code of the library or the server', (code) => {
    expect(sources.some(({ text }) => text.includes(`'${code}'`))).toBe(true);
  });

  test('every code that Studio itself answers with has words', () => {
    const codes = sources
      .filter(({ name }) => name.startsWith('studio/') && !name.startsWith(notInAPage))
      .flatMap(({ text }) => [...text.matchAll(failing)].map(([, code = '']) => code));
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => !Object.hasOwn(german, code))).toEqual([]);
  });

  const named = Object.entries(german).flatMap(([code, texts]) =>
    texts.flatMap(namesIn).map((name) => [code, name] as const),
  );
  test.each(named)('%s comes with the value %s', (code, name) => {
    const thrower = sources.filter(({ text }) => text.includes(`'${code}'`));
    const given = new RegExp(`\\b${name}\\b`);
    const isGiven = ({ text }: (typeof thrower)[number]) =>
      text.includes('details') && given.test(text);
    expect(thrower.some(isGiven)).toBe(true);
  });
});

describe('failureText', () => {
  const texts = { FULL: ['{needed} are needed', 'full'] };
  const failure = { code: 'FULL', message: 'the disk is full' };

  test('says the first text whose values are known', () => {
    expect(failureText(texts, { ...failure, details: { needed: '3 MB' } })).toBe('3 MB are needed');
    expect(failureText(texts, failure)).toBe('full');
  });

  test('says nothing of codes without a text', () => {
    expect(failureText(texts, { ...failure, code: 'toString' })).toBeUndefined();
  });
});
