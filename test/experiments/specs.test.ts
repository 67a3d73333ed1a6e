/** @file The experiments that come with the package: one for each item of the paper, in two sizes, each possible. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { vocabulary } from '../../pocket/world/vocabulary.ts';
import { pocketPrompts } from '../../src/data/pocket.ts';
import { readDreamBench } from '../../src/experiments/benchmark/dreambench.ts';
import { openPocketBench } from '../../src/experiments/benchmark/pocketbench.ts';
import { readPaperClaims } from '../../src/experiments/report/data/claims-of-the-paper.ts';
import { readResults } from '../../src/experiments/report/data/read-results.ts';
import { leastP } from '../../src/experiments/report/statistics/sign-flip.ts';
import { writeReport } from '../../src/experiments/report/write-report.ts';
import { SweepEstimator } from '../../src/experiments/sweep/plan/estimate.ts';
import {
  outlineSweep,
  planSweep,
  type SweepPlan,
} from '../../src/experiments/sweep/plan/plan-sweep.ts';
import { tidyRows } from '../../src/experiments/sweep/run/rows.ts';
import { readSpec } from '../../src/experiments/sweep/spec/read-spec.ts';
import { choosePrompts } from '../../src/experiments/sweep/spec/selection.ts';
import { completeTraining } from '../../src/experiments/sweep/spec/variant-settings.ts';
import { expandVariants } from '../../src/experiments/sweep/spec/variants.ts';
import { outlineModel } from '../../src/pipeline/base/model-outline.ts';
import { planTraining } from '../../src/train/training-plan.ts';

/**
 * The results that lie beside a sweep are those of the sweep as it is, in its order; what was not run is named as missing.
 */
async function requireItsResults({ name, spec, variants, cells }: SweepPlan): Promise<void> {
  const path = join(folder, 'results', name);
  const { results } = await readResults(`${path}.json`);
  expect(results.spec).toEqual(spec);
  const keys = new Set(results.cells.map(({ key }) => key));
  const done = cells.filter(({ key }) => keys.has(key));
  expect(results.cells.map(({ key }) => key)).toEqual(done.map(({ key }) => key));
  expect(results.missing).toEqual(
    cells
      .filter(({ key }) => !keys.has(key))
      .map(({ variant, subject, seed }) => ({
        cell: `${variants[variant]?.name}, ${subject}, seed ${seed}`,
        reason: 'not run yet',
      })),
  );
  expect(readFileSync(`${path}.csv`, 'utf8')).toBe(tidyRows(results));
}

const folder = 'experiments';
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const pocketFiles = files.filter((name) => name.endsWith('.pocket.yaml'));
const paperFiles = files.filter((name) => name.endsWith('.paper.yaml'));

/** Tables 1 to 5, and Figures 5 to 23: those of the supplement in which a method is trained. */
const items = [
  ...[1, 2, 3, 4, 5].map((number) => `table${number}`),
  ...Array.from({ length: 19 }, (_, i) => `fig${i + 5}`),
];

/** What it says without an item of its own, and what is ours. */
const others = ['beyond', 'stability', 'tradeoff'];

test('every item of the paper has an experiment in pocket size and in its own', () => {
  const all = [...items, ...others];
  const expected = all.flatMap((item) => [`${item}.paper.yaml`, `${item}.pocket.yaml`]);
  expect(files.sort()).toEqual([...expected, 'pocketbench.pocket.yaml'].sort());
});

test("every claim of the paper is tested in both sizes, or says why it can't be", async () => {
  const claims = await readPaperClaims();
  expect(claims.map(({ number }) => number)).toEqual(Array.from({ length: 22 }, (_, i) => i + 1));
  for (const sized of [pocketFiles, paperFiles]) {
    const specs = await Promise.all(sized.map((name) => readSpec(join(folder, name))));
    const tested = new Set(specs.flatMap(({ spec }) => spec.claims.map(({ paper }) => paper)));
    const untested = claims.filter(({ number }) => !tested.has(number));
    expect(untested).toEqual(claims.filter(({ otherwise }) => otherwise !== undefined));
    const numbers = claims.map(({ number }) => number);
    expect([undefined, ...numbers]).toEqual(expect.arrayContaining([...tested]));
  }
});

test('every experiment says in what it is not as the paper has it, and claims are about what it has', async () => {
  for (const name of [...pocketFiles, ...paperFiles]) {
    const { spec, path } = await readSpec(join(folder, name));
    if (items.includes(name.split('.')[0] ?? '') && spec.item !== 'Table 2') {
      expect([name, spec.differs]).toEqual([name, expect.any(String)]);
    }
    const lists = spec.base === 'pocket' ? await pocketPrompts() : (await readDreamBench()).prompts;
    for (const { prompts = [], subjects = [] } of spec.claims) {
      for (const list of [lists.object, lists.live]) {
        const known = choosePrompts(list, spec.prompts, path).map(({ number }) => number);
        expect(known).toEqual(expect.arrayContaining(prompts));
      }
      if (Array.isArray(spec.subjects)) {
        expect(spec.subjects).toEqual(expect.arrayContaining(subjects));
      }
    }
  }
});

test('every experiment has subjects enough for its claims: the least possible p counts after the correction', async () => {
  for (const name of [...pocketFiles, ...paperFiles]) {
    const { spec, path } = await readSpec(join(folder, name));
    const scored = spec.claims.filter(({ metric }) => metric !== 'parameters');
    const { subjects } = spec.base === 'pocket' ? await openPocketBench() : await readDreamBench();
    const all = subjects.map((subject) => subject.name);
    const own = Array.isArray(spec.subjects) ? spec.subjects : all.slice(0, spec.subjects);
    for (const { says, subjects: named = own } of scored) {
      const least = leastP(named.length) * scored.length;
      expect({ path, says, isEnough: least <= 0.05 }).toMatchObject({ isEnough: true });
    }
  }
});

test('docs/experiments.md has a row for each item of the paper', () => {
  const page = readFileSync('docs/experiments.md', 'utf8');
  const title = (item: string) => item.replace('table', 'Table ').replace('fig', 'Figure ');
  const rows = [...page.matchAll(/^\| ((?:Table|Figure) \d+) \|/gm)].map(([, item]) => item);
  expect(rows).toEqual(items.map(title));
});

describe('in pocket size', () => {
  test.each(pocketFiles)('%s can be planned', async (name) => {
    const plan = await planSweep(await readSpec(join(folder, name)), { hub: {} });
    const { variants, subjects, cells, tasks, spec } = plan;
    expect(variants.length).toBeGreaterThan(0);
    expect(cells).toHaveLength(variants.length * subjects.length * spec.seeds.length);
    const scorings = tasks.flatMap((task) => task.scorings.map(({ key }) => key));
    expect(new Set(scorings)).toEqual(new Set(cells.map(({ key }) => key)));
    expect(new Set(scorings).size).toBe(scorings.length);
    await requireItsResults(plan);
  });

  test('prompts of their own are in words that the bundled model knows', async () => {
    const known = vocabulary();
    for (const name of pocketFiles) {
      const { prompts } = (await readSpec(join(folder, name))).spec;
      const own = [prompts ?? []].flat().filter((each) => typeof each === 'string');
      const words = own.flatMap((each) => each.split(' ')).filter((word) => word !== '{}');
      expect(known).toEqual(expect.arrayContaining(words));
    }
  });

  test('what two experiments have in common has one key', async () => {
    const plan = async (name: string) =>
      await planSweep(await readSpec(join(folder, name)), { hub: {} });
    const [steps, rates] = [await plan('fig10.pocket.yaml'), await plan('fig8.pocket.yaml')];
    const keys = new Set(rates.cells.map(({ key }) => key));
    // The usual number of steps and the usual learning rate: the same training and pictures, of every subject.
    expect(steps.cells.filter(({ key }) => keys.has(key))).toHaveLength(8);
    expect(steps.tasks).toHaveLength(5 * 8);
    // What is drawn alone differs: one training of each of ten subjects.
    expect((await plan('fig12.pocket.yaml')).tasks).toHaveLength(10);
  });
});

describe("in the paper's size", () => {
  /** An empty cache, and a hub at a port where nothing listens. */
  const offline = {
    hub: {
      environment: { HF_HOME: join(tmpdir(), 'krona-no-cache'), HF_ENDPOINT: 'http://127.0.0.1:9' },
      sleep: () => Promise.reject(new Error('the hub was asked')),
    },
  };

  /** Of a machine that has memory for everything; one, so that like steps are traced once. */
  const estimator = new SweepEstimator(1e15);

  test.each(paperFiles)(
    '%s is possible with its subjects and prompts, planned without weights, pictures and network',
    async (name) => {
      const { spec, path, ...named } = await readSpec(join(folder, name));
      const outline = await outlineSweep({ spec, path, ...named }, offline);
      const { plan, base } = outline;
      const isCounted = spec.metrics.every((metric) => metric === 'parameters');
      expect(plan.variants.length).toBeGreaterThan(0);
      for (const { adapted, parameters } of plan.variants) {
        expect(Number(parameters) > 0).toBe(adapted);
      }
      expect(plan.cells).toHaveLength(
        plan.variants.length * plan.subjects.length * spec.seeds.length,
      );
      expect(plan.subjects.length > 0).toBe(!isCounted);
      const estimate = estimator.estimate(outline);
      const trains = plan.tasks.some(({ training }) => training !== undefined);
      expect(trains).toBe(!isCounted);
      expect([estimate.trainingFlops > 0, estimate.drawingFlops > 0]).toEqual([trains, trains]);
      // A UNet of half floats, 860 million numbers at least.
      if (trains) expect(estimate.memoryBytes).toBeGreaterThan(2 * 860e6);
      expect(estimate.tooLarge).toEqual([]);
      expect((base.notes ?? []).length > 0).toBe(spec.base.includes('/'));
      const { subjects, prompts } = await readDreamBench();
      const names = subjects.map((subject) => subject.name);
      if (Array.isArray(spec.subjects))
        expect(names).toEqual(expect.arrayContaining(spec.subjects));
      for (const templates of [prompts.object, prompts.live]) {
        const chosen = choosePrompts(templates, spec.prompts, path).map(({ number }) => number);
        const shown = spec.show.flatMap((figure) => (figure.kind === 'pictures' ? [figure] : []));
        for (const { subjects: wanted = [], prompts: numbers = [] } of shown) {
          expect(names).toEqual(expect.arrayContaining(wanted));
          expect(chosen).toEqual(expect.arrayContaining(numbers));
        }
      }
    },
  );

  test.each<[string, number, Readonly<Record<string, string | undefined>>]>([
    // In segments it fits: the moments of AdamW and the weights of all of it are 17 GB.
    ['fig22.paper.yaml', 26.5e9, { DreamBooth: '23.9GB' }],
    ['fig22.pocket.yaml', 0.43e9, { DreamBooth: undefined, SVDiff: undefined }],
  ])(
    '%s on a machine of %i bytes names what does not fit, and the setting that helps',
    async (name, bytes, settings) => {
      const outline = await outlineSweep(await readSpec(join(folder, name)), offline);
      const { tooLarge } = new SweepEstimator(bytes).estimate(outline);
      const found = Object.fromEntries(tooLarge.map(({ variant, setting }) => [variant, setting]));
      expect(found).toMatchObject(settings);
      expect(Object.keys(found)).not.toContain('LoRA, rank 4');
      for (const each of tooLarge) {
        expect(each.bytes).toBeGreaterThan(bytes);
        expect(each.least <= 0.9 * bytes).toBe(each.setting !== undefined);
      }
    },
  );

  test("the parameter counts of Table 3 are the paper's", async () => {
    const { spec, path } = await readSpec(join(folder, 'table3.paper.yaml'));
    const base = await outlineModel('sdxl', 'sdxl');
    const counts = expandVariants(spec, path).map((variant) => {
      const { config } = completeTraining(variant, base.recommendation, 0);
      return planTraining(config, base).parameterCount;
    });
    // 3.8, 7.5, 2.1, 1.5, 5.8, 1.36, 14.9 and 20.9 million.
    expect(counts).toEqual([
      3_874_560, 7_534_080, 2_152_320, 1_506_240, 5_806_080, 1_356_800, 14_960_640, 20_930_560,
    ]);
  });
});

test('docs/results.md is what the report says of these results', async () => {
  const page = readFileSync('docs/results.md', 'utf8');
  const title = /^# (.*)$/m.exec(page)?.[1] ?? '';
  const out = mkdtempSync(join(tmpdir(), 'krona-results-'));
  try {
    const { compare } = new Intl.Collator('en', { numeric: true });
    const results = pocketFiles
      .map((name) => join(folder, 'results', name.replace(/yaml$/, 'json')))
      .sort(compare);
    const markdown = join(out, 'results.md');
    const { figures } = await writeReport({ results, out, title, markdown });
    expect(page).toBe(readFileSync(markdown, 'utf8'));
    const names = figures.map((figure) => basename(figure)).sort();
    expect(readdirSync('docs/figures').sort()).toEqual(names);
  } finally {
    rmSync(out, { recursive: true });
  }
});
