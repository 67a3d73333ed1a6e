/** @file How the pictures of an evaluation are drawn: with a run's adapter, or by the base model as it is. */
import type { GenerateOptions } from '../../generate/generate-options.ts';
import {
  type GeneratePlan,
  type PlanningHost,
  planGeneration,
} from '../../generate/generation-plan.ts';
import { fileFingerprint } from '../../storage/fingerprint.ts';
import { runPaths } from '../../train/folder/run-folder.ts';
import { drawingKeys } from './evaluate-options.ts';

/** A plan without prompts: each is filled in when it is drawn. */
export interface EvaluationPlan extends GeneratePlan {
  /** Of the adapter's file; undefined where the base model draws alone. */
  readonly fingerprint: string | undefined;
}

/**
 * Plans the pictures of an evaluation, those of a prompt computed together.
 *
 * @throws KronaError naming what is wrong and what to do
 */
export async function planEvaluation(
  settings: GenerateOptions & { readonly count: number },
  host: PlanningHost,
): Promise<EvaluationPlan> {
  const { run, count } = settings;
  const plan = await planGeneration({ ...settings, prompt: '', batchSize: count }, host);
  const fingerprint = run === undefined ? undefined : await fileFingerprint(runPaths(run).adapter);
  return { ...plan, fingerprint };
}

/** The settings that decided all pictures alike, wherever they were computed. */
export function drawnWith({ config, size }: GeneratePlan): Readonly<Record<string, unknown>> {
  const settings = Object.entries(config).filter(
    ([name]) => drawingKeys.includes(name) && name !== 'device',
  );
  return { ...size, ...Object.fromEntries(settings) };
}
