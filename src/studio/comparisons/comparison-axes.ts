/** @file The axes of a comparison: what they may be, and what each place on them asks for. */
import { ConfigError } from '../../base/errors.ts';
import { generateSchema } from '../../generate/generate-options.ts';
import type { Axis, ComparisonRequest } from '../interface/comparison-operations.ts';
import type { Settings } from '../interface/operation-shapes.ts';
import { generatePaths } from '../work/page-settings.ts';

/** Cells of a comparison. */
const mostCells = 400;

/** Axes that choose an adapter; all others are settings. */
const adapterAxes = ['run', 'checkpoint'] as const;

/** Of generating, what no axis can be: files, and what is one picture's at a time, or decides none. */
const noAxes: readonly string[] = [
  ...generatePaths,
  ...(['subject', 'base', 'refiner', 'count', 'batchSize', 'device', 'tolerate'] as const),
];

/** What a place in a comparison asks for. */
export interface CellValues {
  /** The run whose adapter is put on. */
  readonly run: string | undefined;
  /** The step at which it is put on; its end where not given. */
  readonly step: number | undefined;
  readonly settings: Settings;
}

/** @throws ConfigError AXIS_UNKNOWN, AXIS_TWICE, AXIS_VALUES, TOO_MANY_CELLS */
export function requireAxes(request: ComparisonRequest): void {
  const axes = axesOf(request);
  const known = Object.keys(generateSchema.shape).filter((key) => !noAxes.includes(key));
  for (const { name, values } of axes) {
    if (isAdapterAxis(name)) requireAdapterValues(name, values);
    else if (!known.includes(name)) {
      throw new ConfigError(
        'AXIS_UNKNOWN',
        `axis "${name}": expected ${[...adapterAxes, ...known].join(', ')}`,
      );
    }
  }
  const twice = axes.find(({ name }, i) => axes.findIndex((axis) => axis.name === name) !== i);
  if (twice !== undefined) {
    throw new ConfigError('AXIS_TWICE', `axis "${twice.name}" is there twice; choose another`);
  }
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > mostCells) {
    throw new ConfigError(
      'TOO_MANY_CELLS',
      `expected at most ${mostCells} pictures, got ${axes.map(({ values }) => values.length).join(' x ')} = ${count}; take fewer values`,
      { details: { most: String(mostCells), count: String(count) } },
    );
  }
}

function axesOf({ x, y, z }: ComparisonRequest): readonly Axis[] {
  return [x, y, ...(z === undefined ? [] : [z])];
}

function isAdapterAxis(name: string): name is (typeof adapterAxes)[number] {
  return (adapterAxes as readonly string[]).includes(name);
}

function requireAdapterValues(name: (typeof adapterAxes)[number], values: Axis['values']): void {
  const isSound = (value: unknown) =>
    name === 'run' ? typeof value === 'string' : Number.isSafeInteger(value) && Number(value) >= 0;
  const other = values.find((value) => !isSound(value));
  if (other === undefined) return;
  const expected = name === 'run' ? 'ids of runs' : 'steps, from 0';
  throw new ConfigError(
    'AXIS_VALUES',
    `axis "${name}": expected ${expected}, got ${JSON.stringify(other)}`,
  );
}

/** What every cell asks for: grid behind grid, row after row. */
export function cellValues(
  request: ComparisonRequest,
): readonly (readonly (readonly CellValues[])[])[] {
  const { x, y, z, run, shared } = request;
  const placed = (name: string, value: Axis['values'][number]) => [name, value] as const;
  const layers = z === undefined ? [[]] : z.values.map((value) => [placed(z.name, value)]);
  return layers.map((layer) =>
    y.values.map((row) =>
      x.values.map((column) =>
        valuesOf([...layer, placed(y.name, row), placed(x.name, column)], {
          run,
          step: undefined,
          settings: shared.settings,
        }),
      ),
    ),
  );
}

function valuesOf(
  places: readonly (readonly [name: string, value: Axis['values'][number]])[],
  { run, step, settings }: CellValues,
): CellValues {
  const chosen: Readonly<Record<string, unknown>> = Object.fromEntries(places);
  const { run: ownRun, checkpoint, ...ownSettings } = chosen;
  return {
    run: typeof ownRun === 'string' ? ownRun : run,
    step: typeof checkpoint === 'number' ? checkpoint : step,
    settings: { ...settings, ...ownSettings, count: 1 },
  };
}
