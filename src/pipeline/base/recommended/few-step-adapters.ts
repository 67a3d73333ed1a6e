/** @file Adapters that make a usual model draw in few steps. Their files hold no sign of it; published ones are known by their names. */
import { lastOf } from '../../../base/required.ts';
import { basename } from '../../../platform/paths.ts';
import { stepsOfName } from './few-step-names.ts';
import type { Distilled } from './few-steps.ts';
import type { Recommendation } from './recommendation.ts';

/** How the adapters of one name are drawn with, by the steps that the name says. */
interface KnownAdapter {
  readonly what: string;
  readonly name: RegExp;
  readonly generate: (steps: number) => Recommendation['generate'];
}

/** As their authors use them. Guidance of 1 is none; where none is said, the usual one was kept. */
const known: readonly KnownAdapter[] = [
  {
    what: 'an LCM-LoRA',
    name: /^lcm[-_]lora[-_](sdv1-5|sdxl|ssd-1b)/i,
    generate: () => ({ sampler: 'lcm', steps: 4, guidance: 1 }),
  },
  {
    what: 'a LoRA of trajectory consistency distillation',
    name: /^tcd[-_]sd(xl|15|21-base)[-_]lora/i,
    generate: () => ({ sampler: 'tcd', steps: 4, guidance: 1, eta: 0.3 }),
  },
  {
    what: 'a LoRA of SDXL-Lightning',
    name: /^sdxl_lightning_\dstep_lora/i,
    generate: (steps) => ({ sampler: 'euler-trailing', steps, guidance: 1 }),
  },
  {
    what: 'a LoRA of Hyper-SD for one step or more',
    name: /^hyper-sd(15|xl)-1step-lora/i,
    generate: (steps) => ({ sampler: 'tcd', steps, guidance: 1, eta: 1 }),
  },
  {
    what: 'a LoRA of Hyper-SD',
    name: /^hyper-sd(15|xl)-\d+steps-lora/i,
    generate: (steps) => ({ sampler: 'ddim-trailing', steps, guidance: 1 }),
  },
  {
    what: 'a LoRA of Hyper-SD that keeps guidance',
    name: /^hyper-sd(15|xl)-\d+steps-cfg-lora/i,
    generate: (steps) => ({ sampler: 'ddim-trailing', steps }),
  },
  {
    what: 'a LoRA of distribution matching distillation',
    name: /^dmd2_sdxl_4step_lora/i,
    generate: (steps) => ({
      ...{ sampler: 'lcm', steps, timesteps: [999, 749, 499, 249], guidance: 1 },
    }),
  },
];

/**
 * What an adapter's file is by its name, where it was distilled to few steps.
 *
 * @param path of a `pytorch_lora_weights.safetensors`, which is what many are called, the folder or the repository of the
 * hub's cache that it lies in counts
 */
export function distilledAdapter(path: string): Distilled | undefined {
  const name = publishedName(path);
  const found = known.find((each) => each.name.test(name));
  if (found === undefined) return undefined;
  return {
    what: `${path} is by its name ${found.what}`,
    generate: found.generate(stepsOfName(name) ?? 1),
  };
}

function publishedName(path: string): string {
  const inFolder = /([^/\\]+)[/\\](?:snapshots[/\\][^/\\]+[/\\])?pytorch_lora_weights\.[a-z]+$/;
  const [, folder] = inFolder.exec(path) ?? [];
  return folder === undefined ? basename(path) : lastOf(folder.split('--'));
}
