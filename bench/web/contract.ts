/** @file How much of the contracts of operations and adapters runs on each engine of a browser, and how far from Node. */
import { adapters } from '../../src/adapters/index.ts';
import { compile, type Program } from '../../src/graph/index.ts';
import { type DeviceName, devices, openSession } from '../../src/runtime/index.ts';
import { relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { float32, type Tensor } from '../../src/tensor/tensor.ts';
import type { Computation, Values } from '../../test/browser/computation.ts';
import type { Tab } from '../../test/browser/tab.ts';
import { inputName, layerProgram } from '../../test/contract/adapted-layer.ts';
import { contracts } from '../../test/contract/contracts.ts';
import { randomLayer } from '../../test/contract/random-layer.ts';
import { gradientProgram, operationCases } from '../../test/graph/operation-cases.ts';

/** Programs that are counted together. */
interface Group {
  readonly name: string;
  readonly programs: () => Iterable<Fed>;
}

/** A program, all of whose outputs are compared, and what it is fed. */
interface Fed {
  readonly program: Program;
  readonly feeds: Readonly<Record<string, Tensor<'f32'>>>;
}

/** What came of a group on a device. */
export interface Outcome {
  readonly group: string;
  readonly device: DeviceName;
  readonly tried: number;
  readonly ran: number;
  /** The largest distance of an output from Node's, relative to its norm. */
  readonly worst: number;
  /** What the first said that did not run. */
  readonly failure: string | undefined;
}

const groups: readonly Group[] = [
  ...Object.entries(operationCases).map(([name, tried]) => ({
    name,
    programs: () => [gradientProgram(tried)],
  })),
  ...Object.values(adapters).map((method) => ({
    name: `adapter ${method.name}`,
    *programs() {
      for (const tried of contracts[method.name as keyof typeof contracts].cases) {
        for (const site of tried.sites) {
          const adapter = method.configure(tried.options);
          const { layer, tensors, feeds } = randomLayer({ ...tried, site, adapter });
          yield { program: layerProgram(layer, [inputName, ...tensors.keys()]), feeds };
        }
      }
    },
  })),
];

/** Runs every group on the engines of a tab whose worker is `engine-worker`. */
export async function* contractOutcomes(tab: Tab): AsyncGenerator<Outcome> {
  for (const { name, programs } of groups) {
    const all = [...programs()];
    for (const device of ['cpu', 'webgpu'] satisfies DeviceName[]) {
      let worst = 0;
      let ran = 0;
      let failure: string | undefined;
      for (const fed of all) {
        const found = await distanceOn(tab, device, fed);
        if (typeof found === 'string') failure ??= found;
        else {
          ran += 1;
          worst = Math.max(worst, found);
        }
      }
      yield { group: name, device, tried: all.length, ran, worst, failure };
    }
  }
}

/** How far a program's outputs in a tab are from those of Node's CPU, or why there are none. */
async function distanceOn(
  tab: Tab,
  device: DeviceName,
  { program, feeds }: Fed,
): Promise<number | string> {
  await using session = await openSession(compile(program));
  const expected = await session.run(feeds);
  const { target } = devices[device];
  const asked: Computation = {
    device,
    model: [...compile(program, undefined, { target }).model],
    inputs: Object.fromEntries(
      Object.entries(feeds).map(([name, { shape, data }]) => [name, { shape, data: [...data] }]),
    ),
  };
  const { result, error } = await tab.ask('compute', asked);
  if (error !== undefined) return error.message;
  const distances = Object.entries<Values>(result).map(([name, { shape, data }]) =>
    relativeL2(float32(shape, Float32Array.from(data)), expected.get(name)),
  );
  return Math.max(...distances);
}
