/** @file What a run tells while it works, put into what is known of it. */
import type { QueryClient } from '@tanstack/react-query';
import { useQuery } from '@tanstack/react-query';
import type { RunCurve, RunDetail, RunSummary } from '../../src/studio/interface/run-operations.ts';
import type { StudioEvent } from '../../src/studio/interface/studio.ts';
import { askAnew } from './ask-anew.ts';

/** What trainings tell. */
type TrainEvent = Extract<StudioEvent, { readonly type: 'run' }>['events'][number];
type EventOf<Type extends TrainEvent['type']> = Extract<TrainEvent, { readonly type: Type }>;

/** How far a phase before the first step is. */
export type PhaseProgress = EventOf<'progress'>;

const progressKey = (run: string) => ['progress', run] as const;

/** Of the phase that a run is in; undefined where it counts nothing. */
export function usePhaseProgress(run: string): PhaseProgress | undefined {
  const { data } = useQuery<PhaseProgress | null>({
    queryKey: progressKey(run),
    queryFn: () => null,
    initialData: null,
  });
  return data ?? undefined;
}

/** A curve of more points than twice what was asked for is asked for anew, thinned. */
const growth = 2;

export function applyRunEvents(
  client: QueryClient,
  run: string,
  events: readonly TrainEvent[],
): void {
  const made = events.filter((event) => event.type === 'step');
  if (made.length > 0) {
    addSteps(client, run, made);
    client.setQueryData(progressKey(run), null);
  }
  const progress = events.findLast((event) => event.type === 'progress');
  if (progress !== undefined && made.length === 0) client.setQueryData(progressKey(run), progress);
  const isElse = ({ type }: TrainEvent) => type !== 'step' && type !== 'progress';
  if (events.some(isElse)) askAnew(client, ['runs.'], run);
}

function addSteps(client: QueryClient, run: string, made: readonly EventOf<'step'>[]): void {
  const last = made.at(-1)?.step ?? 0;
  const moved = <Run extends RunSummary>(known: Run): Run =>
    known.id === run && known.state.state === 'running' ? atStep(known, last) : known;
  client.setQueryData<RunDetail>(['runs.get', { id: run }], (known) => known && moved(known));
  client.setQueryData<readonly RunSummary[]>(['runs.list', {}], (known) => known?.map(moved));
  const curves = client.getQueriesData<RunCurve>({
    predicate: ({ queryKey: [name, input] }) =>
      name === 'runs.curve' && (input as { readonly id: string } | undefined)?.id === run,
  });
  for (const [key, curve] of curves) {
    if (curve === undefined) continue;
    const { points } = key[1] as { readonly points: number };
    if (curve.steps.length > growth * points) void client.invalidateQueries({ queryKey: key });
    else client.setQueryData<RunCurve>(key, withSteps(curve, made));
  }
}

function atStep<Run extends RunSummary>(run: Run, step: number): Run {
  const before = run.steps - run.state.step;
  const { secondsLeft } = run;
  return {
    ...run,
    state: { ...run.state, step },
    secondsLeft:
      secondsLeft === undefined || before <= 0
        ? secondsLeft
        : (secondsLeft * (run.steps - step)) / before,
  };
}

/** Steps that a curve has already are left out: an event may come twice. */
export function withSteps(curve: RunCurve, made: readonly EventOf<'step'>[]): RunCurve {
  const last = curve.steps.at(-1) ?? 0;
  const added = made.filter(({ step }) => step > last);
  const joined = (known: readonly number[], value: (event: EventOf<'step'>) => number) => [
    ...known,
    ...added.map(value),
  ];
  return {
    steps: joined(curve.steps, ({ step }) => step),
    loss: joined(curve.loss, ({ loss }) => loss),
    learningRate: joined(curve.learningRate, ({ learningRate }) => learningRate),
    gradientNorm: joined(curve.gradientNorm, ({ gradientNorm }) => gradientNorm),
    seconds: joined(curve.seconds, ({ seconds }) => seconds),
    memoryBytes: joined(curve.memoryBytes, ({ memoryBytes }) => memoryBytes),
  };
}
