/** @file Every operation asked for what nobody should ask: an answer with a code, and nothing outside the work folder. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { operations } from '../../src/studio/operations/operations.ts';
import { endWork, startStudio, type TestStudio } from './studio-server.ts';

let outside: string;
let studio: TestStudio;
beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'krona-outside-'));
  writeFileSync(join(outside, 'secret.json'), '{}');
  mkdirSync(join(outside, 'work'));
  studio = await startStudio({ work: join(outside, 'work'), keepWork: true });
});
afterAll(async () => {
  // Some of what was asked is possible.
  await endWork(studio);
  await studio[Symbol.asyncDispose]();
  rmSync(outside, { recursive: true, force: true });
});

const strange: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, '', 'x', [], [[]], {}],
  ...['..', '../secret.json', '..\\secret.json', '/etc/passwd', 'a\0b', '\ud800', '__proto__'],
  'x'.repeat(100_000),
  { id: '..', name: '../../secret.json' },
  { toString: 1, constructor: { prototype: 1 } },
];

/** The names that a schema has at its top, whichever of its kinds is meant. */
function keysOf(schema: z.ZodType): readonly string[] {
  const { properties = {}, anyOf, oneOf } = z.toJSONSchema(schema, { io: 'input' });
  const kinds = [...(anyOf ?? []), ...(oneOf ?? [])];
  return [
    ...Object.keys(properties),
    ...kinds.flatMap((kind) => Object.keys(Object(Object(kind).properties))),
  ];
}

function inputsOf(schema: z.ZodType): readonly string[] {
  const keys = keysOf(schema);
  return [
    ...strange.map((value) => JSON.stringify(value)),
    ...keys.flatMap((key) => strange.map((value) => JSON.stringify({ [key]: value }))),
    ...strange.map((value) => JSON.stringify(Object.fromEntries(keys.map((key) => [key, value])))),
    ...['{', 'undefined', '{"__proto__":{"id":"x"}}', '{"id":"x","id":"y"}', '\uFEFF{}'],
  ];
}

/** With inputs that the schema lets through, so that what is behind it is asked too. */
const shaped: Readonly<Record<string, readonly object[]>> = Object.fromEntries(
  Object.keys(operations).map((name) => [
    name,
    ['..', '../secret.json', 'a\0b', '\ud800', 'toString', 'x'.repeat(400)].flatMap((id) => [
      ...[{ id }, { id, points: 4 }, { id, prompt: id }, { id, before: id }, { id, name: id }],
      { kind: 'train', settings: { subject: 'sks dog', [id]: id }, dataset: id, name: id },
      { kind: 'train', settings: { subject: 'sks dog' }, dataset: 'pocket-teapot', name: id },
      { kind: 'resume', run: id },
    ]),
  ]),
);

/** What is answered to who asks wrongly, and nothing else. */
const refusal = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.string()).optional(),
  }),
});

test.each(Object.values(operations))('$name', async ({ name, schema }) => {
  const send = async (body: string) => {
    const answer = await studio.fetch(`/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await answer.text();
    expect([answer.status, text.slice(0, 500)]).not.toEqual([500, expect.anything()]);
    if (answer.ok) return;
    refusal.parse(JSON.parse(text));
    expect(text).not.toMatch(/\bat .*\.ts:\d+/);
  };
  for (const input of [
    ...inputsOf(schema),
    ...(shaped[name] ?? []).map((each) => JSON.stringify(each)),
  ]) {
    await send(input);
  }
  expect((await studio.fetch(`/api/${name}?input=%7B`)).status).toBeLessThan(500);
  expect(studio.log).toEqual([]);
  expect(readdirSync(outside).sort()).toEqual(['secret.json', 'work']);
});

test('a body that has no end is refused', async () => {
  const answer = await studio.fetch('/api/runs.list', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"x":"${'y'.repeat(2 ** 21)}"}`,
  });
  expect(answer.status).toBe(413);
});
