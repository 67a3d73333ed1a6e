/** @file Weighted and long prompts: their weights, their chunks, and what the text encoders of each family make of them. */
import { join } from 'node:path';
import * as z from 'zod';
import { openTokenizer } from '../../../src/data/open-tokenizer.ts';
import { promptChunks } from '../../../src/data/prompts/prompt-chunks.ts';
import { promptFragments } from '../../../src/data/prompts/prompt-fragments.ts';
import type { BaseModel } from '../../../src/pipeline/base/base-model.ts';
import { TextEncoder } from '../../../src/pipeline/text/text-encoder.ts';
import { advised } from '../advice.ts';
import { type Check, compared, compareTensors } from '../check.ts';
import { readFixtureJson, readFixtureTensors } from '../fixture.ts';
import { unchecked } from '../network.ts';
import { openParts } from './pipeline.ts';

const rows = z.array(z.array(z.int()));
const casesSchema = z.object({
  parsed: z.array(
    z.object({
      text: z.string(),
      /** Null is a break. */
      fragments: z.array(z.tuple([z.string(), z.number()]).nullable()),
    }),
  ),
  chunks: z.array(
    z.object({ name: z.string(), prompt: z.string(), ids: rows, ids_pad_bang: rows }),
  ),
  encoded: z.array(z.object({ name: z.string(), prompt: z.string(), clip_skip: z.int() })),
});

type Cases = z.output<typeof casesSchema>;

/** Compares everything of a fixture of prompts, on the models of the pipelines beside it. */
export async function checkPrompts(folder: string, fixture: unknown): Promise<Check[]> {
  const { tolerance } = z.looseObject({ tolerance: z.string().default('') }).parse(fixture);
  const cases = casesSchema.parse(await readFixtureJson(folder, 'cases.json'));
  const tensors = await readFixtureTensors(folder);
  const states = advised(tolerance, 'states', { relative: 1e-5 });
  const checks = [checkWeights(cases), ...(await checkChunks(folder, cases))];
  const models = new Map<string, BaseModel>();
  for (const { name, prompt, clip_skip: clipSkip } of cases.encoded) {
    const [family = ''] = name.split('/');
    const base = models.get(family) ?? (await openParts(join(folder, '..', `pipeline-${family}`)));
    models.set(family, base);
    await using encoder = await TextEncoder.open({ ...base, clipSkip });
    const encoded = await encoder.encode(prompt, { syntax: 'a1111' });
    for (const [part, value] of [
      ['states', encoded.states],
      ['pooled', encoded.pooled],
    ] as const) {
      if (value === undefined) continue;
      checks.push(
        compareTensors(`${name}/${part}`, value, tensors.float32(`${name}/${part}`), states),
      );
    }
  }
  return [...checks, ...unchecked(tensors, checks, /^$/)];
}

/** Products of the same factors, maybe in another order. */
function checkWeights({ parsed }: Cases): Check {
  const error = parsed.map(({ text, fragments }) => {
    const found = promptFragments(text, 'prompt');
    const differences = fragments.map((expected, i) => {
      const fragment = found[i];
      if (fragment === undefined || fragment === 'break' || expected === null) {
        return fragment === 'break' && expected === null ? 0 : 1;
      }
      const [own, weight] = expected;
      return fragment.text === own ? Math.abs(fragment.weight / weight - 1) : 1;
    });
    return Math.max(found.length === fragments.length ? 0 : 1, ...differences);
  });
  return compared('weights', Math.max(...error), 1e-12);
}

/** How many prompts are cut otherwise. */
async function checkChunks(folder: string, { chunks }: Cases): Promise<readonly Check[]> {
  const places = [
    ['ids', 'tokenizer'],
    ['ids_pad_bang', 'tokenizer_pad_bang'],
  ] as const;
  return await Promise.all(
    places.map(async ([key, name]) => {
      const tokenizer = await openTokenizer(join(folder, '..', 'clip-tokenizer', name));
      const others = chunks.filter((each) => {
        const fragments = promptFragments(each.prompt, 'prompt');
        const found = promptChunks(fragments, tokenizer, { length: 77, where: 'prompt' });
        return JSON.stringify(found.map(({ ids }) => ids)) !== JSON.stringify(each[key]);
      });
      return compared(key, others.length, 0);
    }),
  );
}
