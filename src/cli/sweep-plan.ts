/** @file A sweep as people read it before it runs. */
import type { SweepPlan } from '../experiments/sweep/plan-sweep.ts';
import { formatCount, formatPlural } from './quantities.ts';
import { formatFacts, formatTable } from './table.ts';

/** What would be done: variants with their parameters, subjects, and how much work that is. */
export function formatSweepPlan({
  name,
  spec,
  variants,
  subjects,
  cells,
  tasks,
}: SweepPlan): string {
  const trainings = tasks.filter(({ training }) => training !== undefined);
  const steps = trainings.reduce((sum, { training }) => sum + Number(training?.settings.steps), 0);
  const pictures = tasks
    .flatMap(({ scorings }) => scorings)
    .reduce((sum, { prompts, seeds, unrelated }) => {
      return sum + prompts.length * seeds.length + unrelated.length;
    }, 0);
  const facts = formatFacts([
    ['sweep', `${name}: ${spec.title}`],
    ['subjects', subjects.map(({ subject }) => subject.name).join(', ')],
    ['prompts', `${subjects[0]?.templates.length ?? 0} for each subject`],
    ['seeds', spec.seeds.join(', ')],
    [
      'cells',
      `${cells.length}: ${formatPlural(variants.length, 'variant')} on each subject and seed`,
    ],
    [
      'work',
      `${formatPlural(trainings.length, 'training')}, ${formatCount(steps)} steps; ${formatCount(pictures)} pictures`,
    ],
  ]);
  const rows = variants.map((variant) => [
    variant.name,
    variant.parameters === undefined ? '' : formatCount(variant.parameters),
  ]);
  return `${facts}\n${formatTable([{ title: 'variant' }, { title: 'parameters', align: 'right' }], rows)}\n`;
}
