/** @file The pictures of DreamBench from a hub on this machine. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { checkDreamBench } from '../../src/experiments/benchmark/check-dreambench.ts';
import { fetchDreamBench } from '../../src/experiments/benchmark/fetch-dreambench.ts';
import { openBenchmark } from '../../src/experiments/benchmark/open-benchmark.ts';
import { jsonLines, krona } from '../cli/terminal.ts';
import { commitOf, type FakeHub, startFakeHub } from '../hub/fake-hub.ts';
import { dreambench, smallDreamBench, write } from './small-dreambench.ts';

const name = 'google/dreambooth';
let files: ReadonlyMap<string, Uint8Array>;
let hub: FakeHub;
let home: string;
let out: string;
beforeAll(async () => {
  files = await smallDreamBench();
});
beforeEach(async () => {
  hub = await startFakeHub(files, { kind: 'datasets', name });
  home = mkdtempSync(join(tmpdir(), 'krona-fetch-'));
  out = join(home, 'dreambench');
  vi.stubEnv('HF_HOME', join(home, 'huggingface'));
  vi.stubEnv('HF_ENDPOINT', hub.url);
  for (const variable of ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_TOKEN', 'HF_HUB_OFFLINE']) {
    vi.stubEnv(variable, undefined);
  }
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  rmSync(home, { recursive: true });
});

const cache = () => join(home, 'huggingface', 'hub', 'datasets--google--dreambooth');
const sources = () => hub.asked.filter(({ server }) => server === 'store');

function expectPublished(subject: string): void {
  const folder = join(out, subject);
  const published = [...files].filter(([path]) => path.startsWith(`dataset/${subject}/`));
  expect(readdirSync(folder).map((file) => `dataset/${subject}/${file}`)).toEqual(
    published.map(([path]) => path),
  );
  for (const [path, bytes] of published) {
    expect(readFileSync(join(out, path.replace('dataset/', ''))).equals(bytes)).toBe(true);
  }
}

describe('krona dreambench fetch', () => {
  test('writes every picture as published, and the lists that evaluating takes', async () => {
    const { code, out: said, err } = await dreambench(['fetch', '--out', out]);
    expect({ code, said }).toEqual({
      code: 0,
      said: `${out}: 30 subjects from ${name}@${commitOf('0')}\n`,
    });
    expect(err).toContain(`downloading ${name}@main: 158 files, `);
    for (const subject of ['backpack', 'red_cartoon', 'wolf_plushie']) expectPublished(subject);
    const check = await checkDreamBench(out);
    expect(check).toMatchObject({ root: out, findings: [] });
    expect(check.complete).toHaveLength(30);
    const listed = await openBenchmark(join(out, 'subjects.json'));
    const { subjects, prompts } = await openBenchmark('dreambench', { pictures: out });
    expect(listed).toEqual({ name: join(out, 'subjects.json'), subjects, prompts });
  });

  test('makes what evaluating the pictures of another tool needs', async () => {
    await dreambench(['fetch', '--out', out, '--subjects', 'dog6', '--quiet']);
    const made = join(home, 'made');
    const picture = files.get('dataset/dog6/00.jpg') ?? new Uint8Array();
    for (let prompt = 1; prompt <= 25; prompt++) {
      await write(made, [[`dog6/${String(prompt).padStart(2, '0')}/0.jpg`, picture]]);
    }
    const lists = [
      '--subjects',
      join(out, 'subjects.json'),
      '--prompts',
      join(out, 'prompts.json'),
    ];
    const encoders = ['--clip', 'pocket', '--dino', 'pocket'];
    const argv = ['evaluate', '--pictures', made, ...lists, ...encoders];
    expect(await krona([...argv, '--quiet'])).toMatchObject({ code: 0, err: '' });
    const evaluation = z
      .object({ prompts: z.array(z.object({ prompt: z.string() })), real: z.array(z.unknown()) })
      .parse(JSON.parse(readFileSync(join(made, 'evaluation.json'), 'utf8')));
    expect(evaluation.prompts).toHaveLength(25);
    expect(evaluation.prompts.at(-1)?.prompt).toBe('a cube shaped sks dog');
    expect(evaluation.real).toHaveLength(1);
  });

  test('keeps the cache as huggingface_hub lays it out, and asks for pictures only', async () => {
    await dreambench(['fetch', '--out', out, '--subjects', 'dog', '--quiet']);
    const snapshot = join(cache(), 'snapshots', commitOf('0'));
    expect(readFileSync(join(cache(), 'refs', 'main'), 'utf8')).toBe(commitOf('0'));
    expect(readdirSync(snapshot, { recursive: true }).length).toBe(2 + 5);
    expect(readdirSync(join(cache(), 'blobs'))).toHaveLength(5);
    const pages = new Set(hub.asked.flatMap(({ path, server }) => (server === 'hub' ? path : [])));
    expect(pages).toContain(`/api/datasets/${name}/revision/main?blobs=true`);
    expect(pages).toContain(`/datasets/${name}/resolve/${commitOf('0')}/dataset/dog/00.jpg`);
    expect([...pages].filter((path) => /\.txt|README/.test(path))).toEqual([]);
  });

  test('brings what lacks and leaves the rest alone', async () => {
    await dreambench(['fetch', '--out', out, '--subjects', 'dog,can', '--quiet']);
    const before = statSync(join(out, 'dog', '00.jpg')).mtimeMs;
    hub.asked.length = 0;
    const { out: said } = await dreambench(['fetch', '--out', out, '--subjects', 'dog,vase']);
    expect(said).toBe(`${out}: 1 subject from ${name}@${commitOf('0')}, 1 there already\n`);
    expect(statSync(join(out, 'dog', '00.jpg')).mtimeMs).toBe(before);
    expect(sources()).toHaveLength(6);
    const { subjects } = await openBenchmark(join(out, 'subjects.json'));
    expect(subjects.map((subject) => subject.name)).toEqual(['can', 'dog', 'vase']);

    hub.asked.length = 0;
    const again = await dreambench(['fetch', '--out', out, '--subjects', 'dog,vase,can']);
    expect(again.out).toBe(`${out}: 0 subjects, 3 there already\n`);
    expect(hub.asked).toEqual([]);
  });

  test('completes a copy of the published repository in its own layout', async () => {
    await write(
      out,
      [...files].filter(([path]) => path.startsWith('dataset/cat/')),
    );
    await dreambench(['fetch', '--out', out, '--subjects', 'cat,cat2']);
    expect(readdirSync(out)).toEqual(['dataset']);
    expect(readdirSync(join(out, 'dataset'))).toEqual([
      'cat',
      'cat2',
      'prompts.json',
      'subjects.json',
    ]);
  });

  test('works from the cache where there is no network', async () => {
    await dreambench(['fetch', '--out', out, '--subjects', 'dog']);
    await rm(out, { recursive: true });
    hub.asked.length = 0;
    const argv = ['fetch', '--out', out, '--offline', '--subjects'];
    expect(await dreambench([...argv, 'dog'])).toMatchObject({ code: 0 });
    expectPublished('dog');
    expect(await dreambench([...argv, 'dog,cat'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/expected 5 pictures in dataset\/cat, found 0.*\[HUB_OFFLINE\]/s),
    });
    expect(hub.asked).toEqual([]);
    expect(existsSync(join(out, 'cat'))).toBe(false);
  });

  test('is complete after an interruption and another start', async () => {
    const stopped = await dreambench(['fetch', '--out', out, '--json'], (text, interrupt) => {
      if (text.includes('"file":"dataset/duck_toy/')) interrupt();
    });
    expect(stopped.code).toBe(130);
    expect(existsSync(out)).toBe(false);
    const before = sources().length;
    expect(before).toBeLessThan(158);
    const again = await dreambench(['fetch', '--out', out, '--json']);
    expect(again.code).toBe(0);
    expect(sources().length).toBeLessThanOrEqual(158 + 4);
    expect(jsonLines(again.out).at(-1)).toMatchObject({ type: 'fetched', there: [], root: out });
    expect((await checkDreamBench(out)).complete).toHaveLength(30);
  });

  test('leaves whole subjects only where it is stopped while writing', async () => {
    const controller = new AbortController();
    const fetching = fetchDreamBench(
      { out },
      {
        signal: controller.signal,
        listener: (event) => {
          if (event.type === 'written' && event.subject === 'cat') controller.abort();
        },
      },
    );
    await expect(fetching).rejects.toThrow();
    expect(readdirSync(out)).toEqual(
      ['backpack', 'backpack_dog', 'bear_plushie', 'berry_bowl', 'can', 'candle', 'cat'].sort(),
    );
    const { written, there } = await fetchDreamBench({ out });
    expect([written.length, there.length]).toEqual([23, 7]);
    expect((await checkDreamBench(out)).findings).toEqual([]);
  });

  test('goes on where the connection broke, and refuses what arrives damaged', async () => {
    hub.cuts.set('dataset/dog/01.jpg', 100);
    const host = { hub: { sleep: async () => {} } };
    await fetchDreamBench({ out, subjects: ['dog'] }, host);
    expectPublished('dog');
    hub.damaged.add('dataset/cat/04.jpg');
    await expect(fetchDreamBench({ out, subjects: ['cat'] }, host)).rejects.toMatchObject({
      code: 'HUB_CHECKSUM',
    });
    expect(existsSync(join(out, 'cat'))).toBe(false);
  });

  test('writes nothing over: a subject that is half there is named before anything is asked', async () => {
    await write(out, [['dog/00.jpg', files.get('dataset/dog/00.jpg') ?? new Uint8Array()]]);
    await mkdir(join(out, 'cat'));
    const { code, err } = await dreambench(['fetch', '--out', out]);
    expect(code).toBe(1);
    expect(err).toContain(`${join(out, 'dog')}: expected 5 pictures, found 1`);
    expect(err).toContain('[DREAMBENCH_HALF]');
    expect(hub.asked).toEqual([]);
    // An empty folder is in nobody's way.
    expect(await dreambench(['fetch', '--out', out, '--subjects', 'cat'])).toMatchObject({
      code: 0,
    });
    expectPublished('cat');
  });

  test('finds the pictures in a mirror that has no folder dataset', async () => {
    hub.commits.set(
      commitOf('0'),
      new Map([...files].map(([path, bytes]) => [path.replace('dataset/', ''), bytes])),
    );
    await dreambench(['fetch', '--out', out, '--subjects', 'teapot']);
    expectPublished('teapot');
  });

  test('says what the hub has not', async () => {
    const fewer = new Map(files);
    fewer.delete('dataset/dog/04.jpg');
    hub.commits.set(commitOf('0'), fewer);
    const { code, err } = await dreambench(['fetch', '--out', out]);
    expect(code).toBe(1);
    expect(err).toContain(`${name}@main: expected 5 pictures in dataset/dog, found 4; `);
    expect(err).toContain('[HUB_INCOMPLETE]');
    expect(sources()).toEqual([]);
    await hub.close();
    hub = await startFakeHub(files, { kind: 'models', name });
    vi.stubEnv('HF_ENDPOINT', hub.url);
    const none = await dreambench(['fetch', '--out', out]);
    expect(none.err).toContain(`${hub.url} has no dataset "${name}"`);
    expect(none.err).not.toContain('no folder google/dreambooth');
  });

  test('needs a folder, and names of subjects that exist', async () => {
    expect(await dreambench(['fetch'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('missing: --out ('),
    });
    const { code, err } = await dreambench(['fetch', '--out', out, '--subjects', 'teapott']);
    expect(code).toBe(2);
    expect(err).toContain('dreambench has no subject "teapott"; did you mean "teapot"?');
    await writeFile(out, 'a file');
    expect((await dreambench(['fetch', '--out', out])).code).toBe(1);
  });
});
