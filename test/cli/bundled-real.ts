/** @file What PyTorch finds of the bundled teapot's five pictures. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { fixturePath } from '../fixtures.ts';

const schema = z.looseObject({
  real: z.looseObject({ subject: z.literal('teapot'), clip_i: z.number(), dino: z.number() }),
});

/** Mean cosines of their pairs. */
export async function bundledReal(): Promise<{ readonly clipI: number; readonly dino: number }> {
  const text = await readFile(fixturePath('pocket/reference.json'), 'utf8');
  const { clip_i: clipI, dino } = schema.parse(JSON.parse(text)).real;
  return { clipI, dino };
}
