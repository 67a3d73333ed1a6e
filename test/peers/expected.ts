/** @file What an adapter does to a base here: the merged weights, and the outputs of the adapted models. */
import { type AdapterFile, attach } from '../../src/adapters/index.ts';
import { type Graph, input } from '../../src/graph/index.ts';
import { clipText, pooledRows } from '../../src/models/clip/clip-text.ts';
import { joinedWeights, type ModelWeights } from '../../src/models/weights.ts';
import type { Scope } from '../../src/nn/index.ts';
import { DeltaWeights } from '../../src/pipeline/adapters/delta-weights.ts';
import { siteWeightReader } from '../../src/pipeline/adapters/site-weights.ts';
import type { BaseModel } from '../../src/pipeline/base/base-model.ts';
import { openNetwork, type Traced } from '../../src/pipeline/network/open-network.ts';
import { textPartName, textWeights } from '../../src/pipeline/text/text-network.ts';
import { float32, int64, type Tensor } from '../../src/tensor/tensor.ts';
import type { FixtureTensors } from '../parity/fixture.ts';
import { callUNet, unetFeeds } from '../parity/unet-call.ts';

type Named = readonly (readonly [name: string, tensor: Tensor])[];

/** W + ΔW of every site: `weight/` and its name, as a matrix; of a table only the new rows, `rows/`. */
export async function mergedWeights(base: BaseModel, file: AdapterFile): Promise<Named> {
  const read = siteWeightReader(base);
  await using changes = new DeltaWeights(file.placed, file.tensors, read);
  const named: [string, Tensor][] = [];
  for (const site of changes.sites) {
    const delta = await changes.at(site);
    if (site.kind === 'table') {
      named.push([`rows/${site.name}`, delta]);
      continue;
    }
    const weight = await read(site);
    const merged = delta.data.map((value, i) => value + (weight.data[i] ?? 0));
    const tensor = site.kind === 'vector' ? site.name : `${site.name}.weight`;
    named.push([`weight/${tensor}`, float32(delta.shape, merged)]);
  }
  return named;
}

/** Output of the UNet for the inputs of its fixture. */
export async function unetOutput(
  { unet }: BaseModel,
  file: AdapterFile,
  tensors: FixtureTensors,
): Promise<Tensor> {
  const feeds = unetFeeds(unet, tensors, 'input/');
  const trace = (graph: Graph, root: Scope) => {
    const inputs = Object.fromEntries(
      Object.entries(feeds).map(([name, { dtype, shape }]) => [
        name,
        input(graph, name, dtype, shape),
      ]),
    );
    const inputOf = (name: string) => {
      const found = inputs[name];
      if (found === undefined) throw new Error(`internal: nothing is fed as ${name}`);
      return found;
    };
    return { output: callUNet(root.child('unet'), unet, inputOf) };
  };
  return await run({ unet: unet.weights }, file, trace, feeds);
}

/** Last hidden states of a text encoder. */
export async function textOutput(
  base: BaseModel,
  index: number,
  { file, ids }: { readonly file: AdapterFile; readonly ids: readonly (readonly number[])[] },
): Promise<Tensor> {
  const encoder = base.textEncoders[index];
  if (encoder === undefined) throw new Error(`internal: there is no text encoder ${index}`);
  const { config } = encoder;
  const part = textPartName(index);
  const [count, length] = [ids.length, config.positions];
  const trace = (graph: Graph, root: Scope) => {
    const texts = {
      ids: input(graph, 'ids', 'i64', [count, length]),
      pooledRows: input(graph, 'rows', 'i64', [count]),
    };
    const { lastHiddenState, pooled } = clipText(root.child(part), config, texts);
    return { output: lastHiddenState, pooled };
  };
  const feeds = { ids: int64([count, length], ids.flat()), rows: pooledRows(ids, config) };
  return await run(textWeights(base), file, trace, feeds);
}

async function run(
  weights: Readonly<Record<string, ModelWeights>>,
  { placed, tensors }: AdapterFile,
  trace: (graph: Graph, root: Scope) => Traced,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Tensor> {
  await using session = await openNetwork(joinedWeights(weights), trace, {
    hook: (graph) =>
      attach(
        graph,
        placed.map((each) => ({ placed: each, fixed: tensors })),
      ).hook,
  });
  return (await session.run(feeds)).get('output');
}
