/** @file The compiler's README: its examples run, and print what it says they print. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  compile,
  Graph,
  gradients,
  input,
  reshape,
  sum,
  type Value,
} from '../../src/graph/index.ts';
import { openSession } from '../../src/runtime/index.ts';
import { float32 } from '../../src/tensor/tensor.ts';

const text = await readFile('src/graph/README.md', 'utf8');

/** Fenced blocks of a language, without their indentation. */
function blocks(language: string): string[] {
  const fences = text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm);
  return [...fences].flatMap(([, indent = '', found, body = '']) =>
    found === language ? [body.replaceAll(new RegExp(`^${indent}`, 'gm'), '')] : [],
  );
}

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-readme-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs a block against the sources. */
async function run(name: string, code: string | undefined): Promise<Record<string, unknown>> {
  const sources = pathToFileURL('src/graph/index.ts').pathname;
  const file = join(folder, `${name}.ts`);
  await writeFile(file, (code ?? '').replaceAll("'diffusekrona/graph'", JSON.stringify(sources)));
  return await import(/* @vite-ignore */ file);
}

test('the worked example prints the program below it', async () => {
  const [example] = blocks('js');
  const [, printed] = blocks('');
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await run('example', example);
  expect(`${log.mock.calls.join('\n')}\n`).toBe(printed);
  log.mockRestore();
});

test('the operation it adds computes, and has the right gradient', async () => {
  const [, operation] = blocks('js');
  const { tanh } = (await run('operation', operation)) as { tanh: (x: Value) => Value };
  const graph = new Graph();
  const x = input(graph, 'x', 'f32', [2]);
  const y = tanh(x);
  const [gradient = x] = gradients(reshape(sum(y, [0]), []), [x]);
  await using session = await openSession(compile({ graph, outputs: { y, gradient } }));
  const results = await session.run({ x: float32([2], [0.3, -2]) });
  [0.3, -2].forEach((at, i) => {
    // One or two float32 operations.
    expect(results.get('y').data[i]).toBeCloseTo(Math.tanh(at), 6);
    expect(results.get('gradient').data[i]).toBeCloseTo(1 - Math.tanh(at) ** 2, 6);
  });
});

test('every file it sends the reader to is there', async () => {
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(8);
  for (const link of links) {
    const path = join('src/graph', link);
    await expect(
      readFile(path).catch((error) => (error.code === 'EISDIR' ? '' : Promise.reject(error))),
      path,
    ).resolves.toBeDefined();
  }
});
