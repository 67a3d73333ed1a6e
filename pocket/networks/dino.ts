/** @file The encoder that knows a subject again: two scenes of one look are its pairs, other looks of the class the rest. */
import { join } from 'node:path';
import { required } from '../../src/base/required.ts';
import type { TorchGenerator } from '../../src/base/torch-random.ts';
import { type Graph, input, reshape, slice } from '../../src/graph/index.ts';
import { vit } from '../../src/models/vit/vit.ts';
import { parseVitConfig } from '../../src/models/vit/vit-config.ts';
import type { Scope } from '../../src/nn/index.ts';
import { writePart, writePreprocessor } from '../model-folder.ts';
import { centred, pictureBatch, type ScenePool } from '../scene-pool.ts';
import type { Feeds } from '../training/gradient-worker.ts';
import { type TracedLoss, wholeStep } from '../training/whole-step.ts';
import { type StageSize, trainStage, type Workshop } from '../workshop.ts';
import { partners } from './clip.ts';
import { contrast } from './contrast.ts';

/** Trains the encoder and writes it. */
export async function trainDino(shop: Workshop, size: StageSize): Promise<void> {
  const json = dinoJson(shop.pool.size);
  const weights = await trainStage(shop, {
    name: 'dino',
    size,
    step: wholeStep(dinoLoss(json, size.batch)),
    share: dinoShare(shop.pool, size.batch),
  });
  await writePart(join(shop.out, 'dino'), json, weights, 'model.safetensors');
  const transform = { cropTo: { width: shop.pool.size, height: shop.pool.size }, ...centred };
  await writePreprocessor(join(shop.out, 'dino'), 'ViTImageProcessor', transform);
}

/** config.json of a ViTModel. */
function dinoJson(pictureSize: number) {
  return {
    architectures: ['ViTModel'],
    model_type: 'vit',
    hidden_size: 128,
    intermediate_size: 512,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    hidden_act: 'quick_gelu',
    layer_norm_eps: 1e-12,
    image_size: pictureSize,
    patch_size: 8,
    num_channels: 3,
    qkv_bias: true,
  };
}

const scale = 10;

/** The loss of `batch` looks, each in two scenes. */
function dinoLoss(json: ReturnType<typeof dinoJson>, batch: number) {
  const config = parseVitConfig(json, 'DINO');
  const { imageSize, size } = config;
  return (graph: Graph, scope: Scope): TracedLoss => {
    const pictures = input(graph, 'pictures', 'f32', [2 * batch, 3, imageSize, imageSize]);
    const { lastHiddenState } = vit(scope, config, pictures);
    const classTokens = reshape(slice(lastHiddenState, 1, 0, 1), [2 * batch, size]);
    const first = slice(classTokens, 0, 0, batch);
    const second = slice(classTokens, 0, batch, 2 * batch);
    return { loss: contrast(first, second, input(graph, 'targets', 'f32', [batch, batch]), scale) };
  };
}

/** Looks of one class that stand beside each other in a batch: what tells them apart is not the class. */
const looksTogether = 8;

/** Looks of a few classes, each in two of its plain scenes. */
function dinoShare(pool: ScenePool, batch: number): (generator: TorchGenerator) => Feeds {
  const classes = scenesByLook(pool);
  return (generator) => {
    const looks = Array.from({ length: Math.ceil(batch / looksTogether) }, () => {
      const ofClass = required(classes, required(generator.randint(0, classes.length, 1), 0));
      return [...generator.randint(0, ofClass.length, looksTogether)].map((i) =>
        required(ofClass, i),
      );
    })
      .flat()
      .slice(0, batch);
    const pairs = looks.map((scenes) => {
      const [first = 0, second = 0] = generator.randperm(scenes.length);
      return [required(scenes, first), required(scenes, second)] as const;
    });
    const indices = [...pairs.map(([first]) => first), ...pairs.map(([, second]) => second)];
    return {
      pictures: pictureBatch(pool, indices, centred),
      targets: partners(looks.map((scenes) => required(scenes, 0))),
    };
  };
}

/** Of every class, of every look that is in two plain scenes or more: those scenes. */
function scenesByLook({ scenes }: ScenePool): readonly (readonly (readonly number[])[])[] {
  const classes = new Map<string, Map<number, number[]>>();
  scenes.forEach(({ className, look, plain }, index) => {
    if (!plain) return;
    const looks = classes.get(className) ?? new Map<number, number[]>();
    classes.set(className, looks.set(look, [...(looks.get(look) ?? []), index]));
  });
  return [...classes.values()]
    .map((looks) => [...looks.values()].filter((of) => of.length > 1))
    .filter((looks) => looks.length > 0);
}
