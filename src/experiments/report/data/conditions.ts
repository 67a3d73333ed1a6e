/** @file The small print of an experiment: everything that its variants share. */
import { formatPlural } from '../../../base/quantities.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import { settingValue } from '../words/number-words.ts';
import { commonSettings, type Fact, subjectWords } from '../words/settings-in-words.ts';

/** Facts in the order a reader asks for them. */
export function conditionsOf(results: SweepResults): readonly Fact[] {
  const { spec, subjects } = results;
  const facts: (Fact | undefined)[] = [
    ['base', spec.base],
    ...(spec.cases ?? []).map(({ name, base }): Fact | undefined =>
      base === undefined ? undefined : [`base of ${name}`, base],
    ),
    ['benchmark', spec.benchmark],
    subjects.length === 0
      ? undefined
      : [
          formatPlural(subjects.length, 'subject'),
          listed(subjects.map(({ name }) => subjectWords(name))),
        ],
    promptsOf(results),
    ['seeds', spec.seeds.join(', ')],
    picturesPerPrompt(results),
    encodersOf(results),
    settingsFact('training', 'train.', results),
    settingsFact('drawing', 'draw.', results),
    devicesOf(results),
  ];
  return facts.filter((fact) => fact !== undefined);
}

/** Known of results alone; where nothing is drawn, nothing is encoded. */
function encodersOf({ subjects, encoders }: SweepResults): Fact | undefined {
  if (encoders !== undefined) return ['encoders', `CLIP: ${encoders.clip}; DINO: ${encoders.dino}`];
  return subjects.length === 0 ? ['encoders', 'none'] : undefined;
}

/** Templates of all subjects, each once. */
function promptsOf({ subjects }: SweepResults): Fact | undefined {
  const templates = new Set(
    subjects.flatMap(({ prompts }) => prompts.map(({ template }) => template)),
  );
  if (templates.size === 0) return undefined;
  const most = Math.max(...subjects.map(({ prompts }) => prompts.length));
  return [`${formatPlural(most, 'prompt')} each`, listed([...templates], ' · ')];
}

function picturesPerPrompt({ spec, variants, subjects, cells }: SweepResults): Fact | undefined {
  const { count } = spec.draw;
  if (typeof count === 'number') return ['pictures per prompt', String(count)];
  const counts = new Set(
    cells.flatMap(({ subject, cost }) => {
      const prompts = subjects.find(({ name }) => name === subject)?.prompts.length ?? 0;
      return prompts === 0 ? [] : [cost.pictures / prompts];
    }),
  );
  const [only] = counts;
  if (variants.length === 0 || only === undefined || counts.size > 1) return undefined;
  return Number.isInteger(only) ? ['pictures per prompt', String(only)] : undefined;
}

function settingsFact(name: string, prefix: string, { variants }: SweepResults): Fact | undefined {
  const common = commonSettings(variants).filter(([path]) => path.startsWith(prefix));
  if (common.length === 0) return undefined;
  return [
    `${name}, alike in all`,
    common.map(([path, value]) => `${path.slice(prefix.length)} ${settingValue(value)}`).join(', '),
  ];
}

function devicesOf({ cells }: SweepResults): Fact | undefined {
  const devices = [...new Set(cells.map(({ cost }) => cost.device))].sort();
  return devices.length === 0 ? undefined : ['device', devices.join(', ')];
}

function listed(names: readonly string[], separator = ', '): string {
  return names.join(separator);
}
