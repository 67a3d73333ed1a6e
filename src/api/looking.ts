/** @file `inspect` and `plan`: questions, which write nothing. */
import * as z from 'zod';
import { type InspectOptions, inspect as inspectAt } from '../inspect/inspect.ts';
import type { Inspection } from '../inspect/inspection.ts';
import { type Plan, type PlanEvent, plan as planFor } from '../plan/plan.ts';
import type { PlanOptions as AnyPlanOptions } from '../plan/plan-options.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import { beginWith, type CompleteHost, type Host } from './call/call-host.ts';
import { checked, named } from './call/checked.ts';
import type { Work } from './call/work.ts';
import type { MethodSettings } from './options/method-options.ts';

/**
 * What a file or folder is, whether it is sound, and what is in it: a run, a model, an adapter of any tool, a picture with
 * its settings, ...
 *
 * @param options the path, or also a base to read an adapter for
 * @example
 * ```ts
 * const found = await inspect('downloaded.safetensors');
 * if (found.kind === 'adapter') console.log(found.adapters, found.words, found.fits);
 * for (const warning of found.warnings) console.warn(warning);
 * ```
 * @throws KronaError where there is nothing, or what is there is broken, or the base is not there
 */
export function inspect(
  options: string | InspectOptions,
  host: Host<HubEvent> = {},
): Work<HubEvent, Inspection> {
  const asked = typeof options === 'string' ? { path: options } : options;
  return ask(host, (given) => inspectAt(checked(schema, asked, 'an inspection'), given));
}

const schema = z.strictObject({ path: named, base: named.optional() });

/** What to plan, and its method with the options that this one has; everything may be left out. */
export type PlanOptions = Omit<AnyPlanOptions, 'adapter' | 'adapterOptions'> & MethodSettings;

/**
 * What an adapter would train, by projection, by block and in total; on request the memory of a training step, the sizes
 * of A within a budget, or the paper's grid of sizes.
 *
 * No weights are needed: of a model of the hub only the configurations are fetched.
 *
 * @example
 * ```ts
 * const planned = await plan({ base: 'sdxl', adapter: 'lora', adapterOptions: { rank: 8 }, memory: '16GB' });
 * if (planned.kind === 'adapter') console.log(planned.parameters, planned.memory?.fits?.count);
 * ```
 * @throws ConfigError naming the setting that is wrong, GRID_WITHOUT_FACTORS, BUDGET_WITHOUT_FACTORS, BUDGET_TOO_SMALL,
 *   MEMORY_OF_PART; ModelError where there is no such base
 */
export function plan(
  options: PlanOptions = {},
  host: Host<PlanEvent> = {},
): Work<PlanEvent | HubEvent, Plan> {
  return ask(host, (given) => planFor(options, given));
}

/** A question: nobody waits for an answer that they stopped, and nothing is left of it. */
function ask<Event extends { readonly type: string }, Answer>(
  host: Host<Event>,
  answer: (host: CompleteHost<Event>) => Promise<Answer>,
): Work<Event | HubEvent, Answer> {
  return beginWith(host, async (given) => {
    const answered = await answer(given);
    given.signal?.throwIfAborted();
    return answered;
  });
}
