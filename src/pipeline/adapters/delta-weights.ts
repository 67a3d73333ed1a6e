/** @file ΔW as numbers, by running the methods' own graphs: one program for all sites of equal sizes. */
import { type AdapterTensors, type PlacedAdapter, parameterName } from '../../adapters/index.ts';
import { invariant } from '../../base/errors.ts';
import { compile, Graph, input } from '../../graph/index.ts';
import type { Site } from '../../nn/index.ts';
import { openSession, type Session } from '../../runtime/index.ts';
import { concatenated, float32, type Tensor } from '../../tensor/tensor.ts';
import { ConstantStore } from './constant-store.ts';
import { readConstants } from './site-constants.ts';
import type { ReadSiteWeight } from './site-weights.ts';

/** How much an adapter changes a site. */
export interface SiteDelta {
  readonly site: Site;
  /** [out, in]; of a table the rows [K, in] that follow its own. */
  readonly delta: Tensor<'f32'>;
}

/** ΔW of one method at sites of one size. */
interface DeltaProgram {
  readonly session: Session;
  readonly readsWeight: boolean;
}

type SiteValues = Readonly<Record<string, Tensor<'f32'>>>;

/** Names that no parameter has: those have no dot. */
const weightName = 'frozen.weight';
const deltaName = 'delta.weight';

/**
 * The sum of what adapters change, to be asked for site by site. It holds one small session for every size of site
 * until it is disposed of.
 */
export class DeltaWeights {
  /** Every site that is changed, once. */
  readonly sites: readonly Site[];
  readonly #placed: readonly PlacedAdapter[];
  readonly #tensors: AdapterTensors;
  readonly #readWeight: ReadSiteWeight;
  readonly #programs = new Map<string, DeltaProgram>();
  readonly #store = new ConstantStore();

  /** @param readWeight asked where a method looks at the frozen weight, as OFT, SVDiff and DoRA do */
  constructor(
    placed: readonly PlacedAdapter[],
    tensors: AdapterTensors,
    readWeight: ReadSiteWeight,
  ) {
    const sites = placed.flatMap((each) => each.sites);
    this.sites = [...new Map(sites.map((site) => [site.name, site])).values()];
    this.#placed = placed;
    this.#tensors = tensors;
    this.#readWeight = readWeight;
  }

  /** ΔW at strength 1 of a site of `sites`; several methods there add up, new rows of a table follow one another. */
  async at(site: Site): Promise<Tensor<'f32'>> {
    const deltas: Tensor<'f32'>[] = [];
    for (const [i, { sites }] of this.#placed.entries()) {
      if (sites.some(({ name }) => name === site.name)) deltas.push(await this.#delta(i, site));
    }
    return site.kind === 'table' ? concatenated(deltas) : total(deltas);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { session } of this.#programs.values()) await session[Symbol.asyncDispose]();
    await this.#store[Symbol.asyncDispose]();
  }

  async #delta(index: number, site: Site): Promise<Tensor<'f32'>> {
    const placed = this.#placed[index];
    invariant(placed !== undefined, `there is no adapter ${index}`);
    const values = await this.#values(placed, site);
    const shapes = Object.entries(values).map(([name, { shape }]) => [name, ...shape]);
    const key = JSON.stringify([index, site.kind, site.out, site.in, site.kernel, shapes]);
    const program = this.#programs.get(key) ?? (await openProgram(placed, site, values));
    this.#programs.set(key, program);
    const weight = program.readsWeight ? { [weightName]: await this.#readWeight(site) } : {};
    return (await program.session.run({ ...values, ...weight })).get(deltaName);
  }

  /** Parameters and constants of a site. */
  async #values({ adapter, constants }: PlacedAdapter, site: Site): Promise<SiteValues> {
    const known =
      constants?.get(site.name) ??
      (adapter.constants && (await this.#store.of(adapter, site, await this.#readWeight(site))));
    const computed = await readConstants(known ?? {});
    const trained = adapter.parameters(site).map(({ name }) => {
      const full = parameterName(site, name);
      const value = this.#tensors.get(full);
      invariant(value !== undefined, `there is no tensor ${full}`);
      return [name, value] as const;
    });
    return { ...computed, ...Object.fromEntries(trained) };
  }
}

/** ΔW of every site, one after the other. */
export async function* deltaWeights(
  placed: readonly PlacedAdapter[],
  tensors: AdapterTensors,
  readWeight: ReadSiteWeight,
): AsyncIterable<SiteDelta> {
  await using weights = new DeltaWeights(placed, tensors, readWeight);
  for (const site of weights.sites) yield { site, delta: await weights.at(site) };
}

/** What a method computes depends on a site's sizes; its name only decides about these. */
async function openProgram(
  { adapter }: PlacedAdapter,
  site: Site,
  values: SiteValues,
): Promise<DeltaProgram> {
  const graph = new Graph();
  const inputs = Object.entries(values).map(
    ([name, { shape }]) => [name, input(graph, name, 'f32', shape)] as const,
  );
  const weight = input(graph, weightName, 'f32', [site.out, site.in]);
  const delta = adapter.deltaWeight({ site, weight, parameters: Object.fromEntries(inputs) });
  const program = compile({ graph, outputs: { [deltaName]: delta } });
  return {
    // Without an arena nothing of the size of a weight stays held between runs.
    session: await openSession(program, { arena: false }),
    readsWeight: program.inputs.has(weightName),
  };
}

function total([first, ...others]: readonly Tensor<'f32'>[]): Tensor<'f32'> {
  invariant(first !== undefined, 'no adapter changes the site');
  if (others.length === 0) return first;
  const sum = float32(first.shape, first.data);
  for (const { data } of others) {
    for (let i = 0; i < data.length; i++) sum.data[i] = (sum.data[i] ?? 0) + (data[i] ?? 0);
  }
  return sum;
}
