/** @file Names and shapes of every tensor of published models, against what tracing their configurations asks for. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { Graph, input } from '../../../../src/graph/index.ts';
import { parseClipConfig, parseClipTextConfig } from '../../../../src/models/clip/clip-config.ts';
import { clipText } from '../../../../src/models/clip/clip-text.ts';
import { clipVision } from '../../../../src/models/clip/vision.ts';
import { traceUNet } from '../../../../src/models/unet/sites.ts';
import { parseUNetConfig } from '../../../../src/models/unet/unet-config.ts';
import { decode, encode } from '../../../../src/models/vae/vae.ts';
import { parseVaeConfig } from '../../../../src/models/vae/vae-config.ts';
import { vit } from '../../../../src/models/vit/vit.ts';
import { parseVitConfig } from '../../../../src/models/vit/vit-config.ts';
import { Scope } from '../../../../src/nn/index.ts';
import type { Shape } from '../../../../src/tensor/tensor.ts';
import { type Check, compared, unsupported } from '../../check.ts';
import { readFixtureJson } from '../../fixture.ts';

const indexSchema = z.record(z.string(), z.looseObject({ file: z.string() }));

const manifestSchema = z.object({
  class: z.string(),
  config: z.looseObject({}),
  tensors: z.record(z.string(), z.array(z.int())),
});

/** Traces a model of a class; its scope knows all weights. */
type Trace = (scope: Scope, config: unknown, where: string) => Scope;

const traces: Readonly<Record<string, Trace>> = {
  UNet2DConditionModel: (_, config, where) => traceUNet(parseUNetConfig(config, where)),
  AutoencoderKL(scope, json, where) {
    const config = parseVaeConfig(json, where);
    const side = config.downsampling;
    encode(scope, config, input(scope.graph, 'pictures', 'f32', [1, 3, side, side]));
    decode(scope, config, input(scope.graph, 'latents', 'f32', [1, config.latentChannels, 1, 1]));
    return scope;
  },
  CLIPTextModel: traceText,
  CLIPTextModelWithProjection: (scope, json, where) =>
    traceText(scope, { ...Object(json), architectures: ['CLIPTextModelWithProjection'] }, where),
  CLIPModel(scope, json, where) {
    const { text, vision } = parseClipConfig(json, where);
    clipText(scope, text, textInputs(scope.graph));
    const shape = [1, 3, vision.imageSize, vision.imageSize];
    clipVision(scope, vision, input(scope.graph, 'pictures', 'f32', shape));
    // The scale of the logits, which only training needs.
    scope.weight('logit_scale', []);
    return scope;
  },
  ViTModel(scope, json, where) {
    const config = parseVitConfig(json, where);
    const shape = [1, 3, config.imageSize, config.imageSize];
    vit(scope, config, input(scope.graph, 'pictures', 'f32', shape));
    return scope;
  },
};

function traceText(scope: Scope, json: unknown, where: string): Scope {
  clipText(scope, parseClipTextConfig(json, where), textInputs(scope.graph));
  return scope;
}

function textInputs(graph: Graph) {
  return { ids: input(graph, 'ids', 'i64', [1, 1]), pooledRows: input(graph, 'rows', 'i64', [1]) };
}

/** Every manifest of a fixture; `error` counts the tensors that are missing, left over or misshapen. */
export async function checkShapeManifests(folder: string): Promise<Check[]> {
  const index = indexSchema.parse(await readFixtureJson(folder, 'index.json'));
  return await Promise.all(
    Object.entries(index).map(async ([name, { file }]) => {
      const bytes = gunzipSync(await readFile(join(folder, file)));
      const manifest = manifestSchema.parse(JSON.parse(bytes.toString('utf8')));
      const trace = traces[manifest.class];
      if (trace === undefined)
        return unsupported(`names and shapes/${name}`, `no model for ${manifest.class}`);
      const { weights } = trace(Scope.root(new Graph()), manifest.config, file);
      const shapes = new Map([...weights].map(([tensor, { shape }]) => [tensor, shape] as const));
      const wrong = differences(shapes, new Map(Object.entries(manifest.tensors)));
      return {
        ...compared(`names and shapes/${name}`, wrong.length, 0),
        ...(wrong.length > 0 && { note: wrong.slice(0, 3).join(', ') }),
      };
    }),
  );
}

/** Names that only one side has, or that have different shapes. */
function differences(
  actual: ReadonlyMap<string, Shape>,
  expected: ReadonlyMap<string, Shape>,
): string[] {
  const names = new Set([...actual.keys(), ...expected.keys()]);
  return [...names].filter((name) => String(actual.get(name)) !== String(expected.get(name)));
}
