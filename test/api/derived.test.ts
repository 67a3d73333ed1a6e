/** @file What is written from the sources is current, and the public types of options are those of the schemas. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type * as z from 'zod';
import type { PicturesEvaluation, RunEvaluation } from '../../src/api/options/evaluate-settings.ts';
import type { evaluateSchema } from '../../src/experiments/evaluate/evaluate-options.ts';
import type { generateSchema } from '../../src/generate/generate-options.ts';
import type { GenerateOptions, PlanOptions, TrainOptions, TrainSettings } from '../../src/index.ts';
import type { trainSchema } from '../../src/train/train-options.ts';
import { derivedFiles, root } from '../../tools/derived-files.ts';

test.each([...derivedFiles()])('%s is what `npm run derive` writes', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});

test('pages find every file of the package that the sources read', () => {
  const listed = Object.keys(JSON.parse(readFileSync(join(root, 'models/files.json'), 'utf8')));
  const named = sourceFiles('src').flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return [...text.matchAll(/packageFile\(\s*['`]([^'`$]+)/g)].map(
      ([, beginning = '']) => beginning,
    );
  });
  expect(named).toContain('experiments/paper/claims.json');
  // These have a twin for browsers, or are a server's.
  const ofNode = ['package.json', 'dist/studio/page'];
  const missing = named.filter(
    (beginning) =>
      !ofNode.includes(beginning) && !listed.some((path) => path.startsWith(beginning)),
  );
  expect(missing).toEqual([]);
});

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));
}

describe('options', () => {
  type Without<Options, Keys extends PropertyKey> = Omit<Options, Keys>;
  type TrainInput = z.input<typeof trainSchema>;
  type GenerateInput = z.input<typeof generateSchema>;
  type Pictures = 'images' | 'initImage' | 'mask' | 'subjectPicture';

  test('are those of the schemas', () => {
    expectTypeOf<Without<TrainSettings, Pictures>>().branded.toEqualTypeOf<
      Readonly<Without<TrainInput, Pictures | 'adapter' | 'adapterOptions'>>
    >();
    expectTypeOf<Without<GenerateOptions, Pictures>>().branded.toEqualTypeOf<
      Readonly<Without<GenerateInput, Pictures>>
    >();
    type Given = 'images' | 'pictures';
    expectTypeOf<Without<PicturesEvaluation & RunEvaluation, Given>>().branded.toEqualTypeOf<
      Readonly<Without<z.input<typeof evaluateSchema>, Given>>
    >();
  });

  test('of another method do not compile', () => {
    const settings = { images: 'pictures', subject: 'sks dog', out: 'run' };
    const options: readonly TrainOptions[] = [
      { ...settings, adapterOptions: { a1: 4 } },
      { ...settings, adapter: 'lora', adapterOptions: { rank: 4 } },
      // @ts-expect-error a1 is of krona
      { ...settings, adapter: 'lora', adapterOptions: { a1: 4 } },
      // @ts-expect-error rank is of lora
      { ...settings, adapterOptions: { rank: 4 } },
      // @ts-expect-error there is no such method
      { ...settings, adapter: 'loraa' },
      // @ts-expect-error nor such a setting
      { ...settings, step: 4 },
    ];
    expect(options).toHaveLength(6);
    const plans: readonly PlanOptions[] = [
      { adapter: 'lora', adapterOptions: { rank: 4 } },
      // @ts-expect-error rank is of lora
      { adapterOptions: { rank: 4 } },
    ];
    expect(plans).toHaveLength(2);
  });
});
