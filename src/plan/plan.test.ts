import { expect, test } from 'vitest';
import { plan } from './plan.ts';
import type { PlanOptions } from './plan-options.ts';

test('a plan of nothing is that of the usual adapter on the bundled model', async () => {
  const made = await plan();
  expect(made).toMatchObject({ kind: 'adapter', base: 'pocket', adapter: 'krona', sites: 56 });
  if (made.kind !== 'adapter') return;
  const sum = (groups: readonly { readonly parameters: number }[]) =>
    groups.reduce((total, { parameters }) => total + parameters, 0);
  expect([sum(made.projections), sum(made.blocks)]).toEqual([made.parameters, made.parameters]);
  expect(made.memory).toBeUndefined();
});

test('what is asked for decides the kind, and a step tells how far it is', async () => {
  const budget = await plan({ budget: '200kB' });
  expect(budget).toMatchObject({ kind: 'budget', budgetBytes: 200_000 });
  expect(await plan({ base: 'sdxl', grid: true })).toMatchObject({ kind: 'grid', agreeing: 49 });
  const segments: number[] = [];
  const step = await plan(
    { memory: true, resolution: 64 },
    { listener: (event) => segments.push(event.segments) },
  );
  expect(step).toMatchObject({ memory: { resolution: 64, batchSize: 1 } });
  expect(segments.slice(0, 2)).toEqual([0, 1]);
});

test.each<[PlanOptions & Record<string, unknown>, string, string]>([
  [{ bse: 'pocket' }, 'UNKNOWN_SETTING', 'did you mean "base"'],
  [{ budget: 'small' }, 'INVALID_SETTING', 'a size such as 2MB'],
  [{ budget: '1kB' }, 'BUDGET_TOO_SMALL', '`budget`'],
  [{ budget: '2MB', adapter: 'lora' }, 'BUDGET_WITHOUT_FACTORS', '`adapter: krona`'],
  [{ adapterOptions: { a3: 1 } }, 'ADAPTER_OPTIONS', 'a3'],
])('%j is refused by setting', async (options, code, part) => {
  await expect(plan(options)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(part),
  });
});
