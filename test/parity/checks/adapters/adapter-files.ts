/** @file Whole adapter files of other tools: read, the model computes what theirs does; written again, they are the same. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { attach } from '../../../../src/adapters/index.ts';
import { type ForeignAdapter, readForeignAdapter } from '../../../../src/exchange/index.ts';
import { decodeSafetensors } from '../../../../src/formats/safetensors/safetensors.ts';
import { type Graph, input } from '../../../../src/graph/index.ts';
import type { ClipTextConfig } from '../../../../src/models/clip/clip-config.ts';
import { clipText, pooledRows } from '../../../../src/models/clip/clip-text.ts';
import { unetSites } from '../../../../src/models/unet/sites.ts';
import { textScope } from '../../../../src/models/weight-claims.ts';
import { joinedWeights } from '../../../../src/models/weights.ts';
import type { Site } from '../../../../src/nn/index.ts';
import type { ModelPart } from '../../../../src/pipeline/base/base-model.ts';
import { openText, openUNet } from '../../../../src/pipeline/base/open-base.ts';
import { openNetwork } from '../../../../src/pipeline/network/open-network.ts';
import { int64, type Tensor } from '../../../../src/tensor/tensor.ts';
import { testDevice } from '../../../devices/test-device.ts';
import { advised } from '../../advice.ts';
import { type Check, compareTensors } from '../../check.ts';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from '../../fixture.ts';
import { unchecked } from '../../network.ts';
import { callUNet, type UNetPart, unetFeeds } from '../../unet-call.ts';
import { checkWritten, type ForeignContent } from './adapter-files-written.ts';

const casesSchema = z.record(
  z.string(),
  z.looseObject({
    files: z.array(z.string()).min(1),
    unet: z.string(),
    text_encoder: z.string().optional(),
    same_output_as: z.string().optional(),
    unet_output_same_as: z.string().optional(),
  }),
);

const textFixture = 'clip-text';

/** A base of the fixtures beside this one: a UNet, and the text encoder that the files with text modules are for. */
interface Base {
  readonly unet: UNetPart;
  readonly text: ModelPart<ClipTextConfig>;
  readonly sites: readonly Site[];
  /** Inputs and results of the UNet and of the text encoder. */
  readonly tensors: Readonly<Record<'unet' | 'text', FixtureTensors>>;
}

/** Compares what every file does to the UNet and the text encoder. */
export async function checkAdapterFiles(folder: string, fixture: unknown): Promise<Check[]> {
  const { tolerance } = z.looseObject({ tolerance: z.string() }).parse(fixture);
  const limit = advised(tolerance, '', { relative: 1e-4 });
  const cases = casesSchema.parse(await readFixtureJson(folder, 'cases.json'));
  const expected = await readFixtureTensors(folder);
  const bases = new Map<string, Base>();
  const checks: Check[] = [];
  for (const [name, { files, unet, ...stated }] of Object.entries(cases)) {
    const base = bases.get(unet) ?? (await openBase(dirname(folder), unet));
    bases.set(unet, base);
    const content = await readCase(folder, files, base.sites);
    const { adapter } = content;
    checks.push({ ...checkWritten(name, content, base.sites), group: `${name}, written` });
    const compare = (tensor: string, actual: Tensor<'f32'>, reference = tensor) =>
      checks.push({
        ...compareTensors(tensor, actual, expected.float32(reference), limit),
        group: name,
      });
    const source = stated.same_output_as ?? stated.unet_output_same_as ?? name;
    if (expected.has(`${source}/output`)) {
      compare(`${name}/output`, await unetOutput(base, adapter), `${source}/output`);
    }
    if (expected.has(`${name}/output_scale0.6`)) {
      compare(`${name}/output_scale0.6`, await unetOutput(base, adapter, 0.6));
    }
    if (stated.text_encoder !== undefined) {
      compare(`${name}/text_last_hidden_state`, await textOutput(base, adapter));
    }
  }
  // What a wrong reading gives, for information.
  const wrong = /\/output_(lycoris_merge|if_taken_for_true_kron)$/;
  return [...checks, ...unchecked(expected, checks, wrong)];
}

export async function openBase(fixtures: string, name: string): Promise<Base> {
  const unet = await openUNet(join(fixtures, name));
  const text = await openText(join(fixtures, textFixture));
  const textSites = textScope(text.config).sites;
  return {
    unet,
    text,
    sites: [
      ...unetSites(unet.config),
      ...textSites.map((site) => ({ ...site, name: `text_encoder.${site.name}` })),
    ],
    tensors: {
      unet: await readFixtureTensors(join(fixtures, name)),
      text: await readFixtureTensors(join(fixtures, textFixture)),
    },
  };
}

async function readCase(
  folder: string,
  files: readonly string[],
  sites: readonly Site[],
): Promise<ForeignContent> {
  const file = files.find((each) => each.endsWith('.safetensors')) ?? '';
  const configuration = files.find((each) => each.endsWith('.json'));
  const bytes = await readFile(join(folder, file));
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const config = configuration && (await readFixtureJson(folder, configuration));
  const adapter = readForeignAdapter(tensors, metadata, { sites, where: file, config });
  return { bytes, tensors, metadata, adapter };
}

function hookOf({ placed, tensors }: ForeignAdapter, strength: number) {
  return (graph: Graph) =>
    attach(
      graph,
      placed.map((each) => ({ placed: each, fixed: tensors, strength: () => strength })),
    ).hook;
}

export async function unetOutput(
  { unet, tensors }: Base,
  adapter: ForeignAdapter,
  strength = 1,
): Promise<Tensor<'f32'>> {
  const feeds = unetFeeds(unet, tensors.unet, 'input/');
  await using session = await openNetwork(
    joinedWeights({ unet: unet.weights }),
    (graph, root) => {
      const inputs = new Map(
        Object.entries(feeds).map(([name, { dtype, shape }]) => [
          name,
          input(graph, name, dtype, shape),
        ]),
      );
      const inputOf = (name: string) => {
        const found = inputs.get(name);
        if (found === undefined) throw new Error(`internal: nothing is fed as ${name}`);
        return found;
      };
      return { output: callUNet(root.child('unet'), unet, inputOf) };
    },
    { device: testDevice(), hook: hookOf(adapter, strength) },
  );
  return (await session.run(feeds)).get('output');
}

async function textOutput({ text, tensors }: Base, adapter: ForeignAdapter) {
  const ids = tensors.text.rows('input/ids');
  const [count, length] = [ids.length, ids[0]?.length ?? 0];
  await using session = await openNetwork(
    joinedWeights({ text_encoder: text.weights }),
    (graph, root) => {
      const { lastHiddenState, pooled } = clipText(root.child('text_encoder'), text.config, {
        ids: input(graph, 'ids', 'i64', [count, length]),
        pooledRows: input(graph, 'rows', 'i64', [count]),
      });
      return { lastHiddenState, pooled };
    },
    { device: testDevice(), hook: hookOf(adapter, 1) },
  );
  const feeds = { ids: int64([count, length], ids.flat()), rows: pooledRows(ids, text.config) };
  return (await session.run(feeds)).get('lastHiddenState');
}
