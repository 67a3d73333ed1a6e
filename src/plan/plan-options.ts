/** @file What a plan may be told. */
import * as z from 'zod';
import { bytesOfSize } from '../base/byte-size.ts';
import { saysMemory } from '../train/settings/step-room.ts';
import { trainSchema } from '../train/train-options.ts';

const size = z
  .string()
  .refine((text) => bytesOfSize(text) !== undefined, 'expected a size such as 2MB');
const given = z.string().refine(saysMemory, 'expected a size such as 8GB, or auto');

/** The options of a plan; those of a training are the same there. */
export const planSchema = trainSchema
  .pick({
    base: true,
    adapter: true,
    adapterOptions: true,
    targets: true,
    resolution: true,
    batchSize: true,
    basePrecision: true,
  })
  .extend({
    memory: z.union([z.literal(true), given]).optional(),
    budget: size.optional().meta({
      placeholder: 'size',
      expects: 'a size such as 2MB',
      description:
        'which a1 and a2 keep the file, in half precision, within a size such as 2MB, and what loads it elsewhere',
    }),
    operations: z
      .boolean()
      .default(false)
      .describe('operations of a training step and of a picture, with the adapter and without'),
    grid: z
      .boolean()
      .default(false)
      .describe('parameters over a1 and a2, as in Table 2 of the paper'),
  });

export type PlanConfig = z.output<typeof planSchema>;

/** What to plan; everything may be left out. */
export interface PlanOptions {
  /**
   * A family (`sd15`, `sd21`, `sdxl`), `pocket`, a folder, a single file, or owner/name of the hub, of which only the
   * configurations are fetched.
   *
   * @default 'pocket'
   */
  readonly base?: string | undefined;
  /** The method. @default 'krona' */
  readonly adapter?: string | undefined;
  /** Options of the method, such as `{ a1: 4, a2: 64 }`. */
  readonly adapterOptions?: object | undefined;
  /** Presets and patterns of sites. @default what is usual for the method, mostly ['attention'] */
  readonly targets?: readonly string[] | undefined;
  /** Also works out what a training step holds: `true`, or a size such as `16GB` to stay within. */
  readonly memory?: true | string | undefined;
  /** Also counts the operations of a training step and of a picture, with the adapter and without. @default false */
  readonly operations?: boolean | undefined;
  /** Side of the pictures of that step, in pixels. @default the side that the model was trained at */
  readonly resolution?: number | undefined;
  /** Pictures of that step. @default 1 */
  readonly batchSize?: number | undefined;
  /** What that step computes the frozen UNet with. @default 'stored' */
  readonly basePrecision?: 'stored' | 'int8' | 'int8-weights' | undefined;
  /** Asks instead which a1 and a2 keep the adapter's file, in half precision, within a size such as `2MB`. */
  readonly budget?: string | undefined;
  /** Asks instead for the parameters over a1 and a2, as in Table 2 of the paper. @default false */
  readonly grid?: boolean | undefined;
}
