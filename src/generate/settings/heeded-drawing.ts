/** @file Settings of a drawing that count only beside another one. */
import { refuseUnheeded, type Said, type Unheeded } from '../../base/settings/heeded.ts';
import {
  defaultSampler,
  type SamplerName,
  samplersWithEta,
} from '../../diffusion/samplers/index.ts';
import type { SchedulerConfig } from '../../diffusion/scheduler-config.ts';
import type { GenerateConfig } from '../generate-options.ts';

/** What decides whether a setting is heeded. */
interface Drawn {
  readonly scheduler: SchedulerConfig;
  /** Undefined where it is the scheduler's. */
  readonly sampler: SamplerName | undefined;
  readonly adapters: readonly unknown[];
  readonly mask: string | undefined;
}

/**
 * Refuses settings of a drawing that were given and that nothing would heed.
 *
 * @throws ConfigError SETTING_UNHEEDED naming what it counts with
 */
export function requireHeeded(drawn: Drawn, said: Said): void {
  refuseUnheeded(dependents(drawn), said);
}

type Dependents = readonly Unheeded<keyof GenerateConfig>[];

function dependents({ scheduler, sampler, adapters, mask }: Drawn): Dependents {
  const isNoisy = samplersWithEta.includes(sampler ?? defaultSampler(scheduler));
  const isAlone = adapters.length === 0;
  return [
    ['eta', !isNoisy, samplersWithEta.map((name) => `\`sampler: ${name}\``).join(' or ')],
    ['strength', isAlone, '`run` or `adapter`'],
    ['tolerate', isAlone, '`run` or `adapter`'],
    ['keepUnmasked', mask === undefined, '`mask: FILE`'],
  ];
}
