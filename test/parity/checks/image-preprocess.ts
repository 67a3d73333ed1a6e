/** @file Checks decoding, resampling, cropping and normalising against the pictures and tensors of a fixture. */
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import * as z from 'zod';
import { resizeToCover } from '../../../src/data/cover.ts';
import { decodeImage, type Image } from '../../../src/data/image.ts';
import {
  clipTransform,
  dinoTransform,
  dreamboothTransform,
  resizeAndCrop,
  type Transform,
  toTensor,
} from '../../../src/data/transforms.ts';
import {
  openSafetensors,
  type SafetensorsFile,
} from '../../../src/storage/weights/safetensors-file.ts';
import { type Check, compared, largestDifference } from '../check.ts';

const pair = z.tuple([z.int(), z.int()]);
const geometrySchema = z.looseObject({ resized: pair, crop_top_left: pair });
const caseSchema = z.looseObject({
  /** Absent in the entry that only holds a note. */
  file: z.string().optional(),
  size: pair.optional(),
  upright_size: pair.optional(),
  clip: geometrySchema.optional(),
  dino: geometrySchema.optional(),
  dreambooth: z
    .array(geometrySchema.extend({ size: z.int(), stored: z.string().optional() }))
    .optional(),
});
const casesSchema = z.array(caseSchema);

type Case = z.infer<typeof caseSchema>;
type Geometry = z.infer<typeof geometrySchema>;

/** JPEG decoders differ by some levels; everything else must be equal. */
const jpegTolerance = 3;

interface Comparison {
  readonly expected: SafetensorsFile;
  readonly stem: string;
  readonly image: Image;
}

/** One transform of one picture: where its tensors are and how coarsely the floats were stored. */
interface Stage {
  readonly transform: Transform;
  readonly geometry: Geometry;
  readonly levels: string;
  readonly values: string;
  readonly every: number;
}

/** Every picture of the fixture through every transform its case lists. */
export async function checkImagePreprocess(folder: string): Promise<Check[]> {
  const expected = await openSafetensors(join(folder, 'expected.safetensors'));
  const cases = casesSchema.parse(JSON.parse(await readFile(join(folder, 'cases.json'), 'utf8')));
  const checks: Check[] = [];
  for (const item of cases) {
    const { file } = item;
    if (file !== undefined) checks.push(...(await checkCase({ folder, file, expected }, item)));
  }
  return checks;
}

async function checkCase(
  source: { folder: string; file: string; expected: SafetensorsFile },
  item: Case,
): Promise<Check[]> {
  const { folder, file, expected } = source;
  const stem = basename(file, extname(file));
  // The reference drops alpha (Pillow's RGB conversion).
  const bytes = await readFile(join(folder, file));
  const image = await decodeImage(bytes, file, { alpha: 'drop' });
  const comparison = { expected, stem, image };
  const size = item.upright_size ?? item.size;
  return [
    ...(size ? [geometryCheck(`size/${stem}`, [...size], [image.width, image.height])] : []),
    ...(await levelCheck(comparison, 'decoded_u8', image)),
    ...(await levelCheck(comparison, 'jpeg_upright_u8', image)),
    ...(await checkStages(comparison, stagesOf(item))),
  ];
}

function stagesOf(item: Case): Stage[] {
  const stages: Stage[] = [];
  const fixed = [
    { name: 'clip', transform: clipTransform(), geometry: item.clip },
    { name: 'dino', transform: dinoTransform, geometry: item.dino },
  ];
  for (const { name, transform, geometry } of fixed) {
    if (geometry === undefined) continue;
    const values = `${name}_pixel_values_every4th`;
    stages.push({ transform, geometry, levels: `${name}_u8`, values, every: 4 });
  }
  for (const geometry of item.dreambooth ?? []) {
    const { size } = geometry;
    const prefix = item.upright_size ? 'jpeg_' : '';
    stages.push({
      transform: dreamboothTransform({ width: size, height: size }),
      geometry,
      levels: `${prefix}dreambooth_u8_${size}`,
      values: `dreambooth_pixel_values_${size}`,
      every: geometry.stored?.startsWith('every 2nd') ? 2 : 1,
    });
  }
  return stages;
}

async function checkStages(comparison: Comparison, stages: readonly Stage[]): Promise<Check[]> {
  const { image, stem } = comparison;
  const checks: Check[] = [];
  for (const { transform, geometry, levels, values, every } of stages) {
    const resized = resizeToCover(image, transform.resizeTo, transform.filter);
    const cropped = resizeAndCrop(image, transform);
    checks.push(
      geometryCheck(
        `geometry/${levels}/${stem}`,
        [...geometry.resized, ...geometry.crop_top_left],
        [resized.width, resized.height, cropped.origin.top, cropped.origin.left],
      ),
      ...(await levelCheck(comparison, levels, cropped)),
      ...(await valueCheck(comparison, values, { cropped, transform, every })),
    );
  }
  return checks;
}

function geometryCheck(tensor: string, expected: number[], got: number[]): Check {
  return compared(tensor, largestDifference(got, expected), 0);
}

async function levelCheck(
  { expected, stem }: Comparison,
  group: string,
  image: Image,
): Promise<Check[]> {
  const name = `${group}/${stem}`;
  if (!expected.header.entries.has(name)) return [];
  const want = await expected.read(name);
  const error = largestDifference(image.data, Array.from(want.data, Number));
  return [compared(name, error, group.startsWith('jpeg') ? jpegTolerance : 0)];
}

async function valueCheck(
  { expected, stem }: Comparison,
  group: string,
  { cropped, transform, every }: { cropped: Image; transform: Transform; every: number },
): Promise<Check[]> {
  const name = `${group}/${stem}`;
  if (!expected.header.entries.has(name)) return [];
  const want = await expected.read(name);
  const values = toTensor(cropped, transform);
  const [, height = 0, width = 0] = values.shape;
  const kept = values.data.filter((_, at) => {
    const column = at % width;
    const row = Math.floor(at / width) % height;
    return column % every === 0 && row % every === 0;
  });
  // The 8-bit levels are equal, so only float32 rounding of the normalisation remains.
  return [compared(name, largestDifference(kept, Array.from(want.data, Number)), 1e-5)];
}
