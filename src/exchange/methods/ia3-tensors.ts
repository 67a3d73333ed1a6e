/** @file (IA)³ in LyCORIS' files, whose factors are what is added to 1, and in PEFT's, whose are whole and count for biases too. */
import { invariant } from '../../base/errors.ts';
import { kernelTaps, type Site } from '../../nn/index.ts';
import { float32, reshaped, type Tensor } from '../../tensor/tensor.ts';
import {
  type ForeignModule,
  refusal,
  requiredSite,
  requiredTensor,
  type SiteReading,
  shapesOf,
} from './foreign-module.ts';
import type { ForeignMethod, Parameters } from './method-record.ts';
import type { Options, WrittenTensors } from './written-module.ts';

export const ia3Tensors: ForeignMethod = {
  title: '(IA)³',
  signs: ['ia3_weight', 'on_input', 'ia3_l'],
  read(module) {
    const whole = module.tensors.get('ia3_l');
    return whole === undefined ? [readAdded(module)] : readWhole(module, whole);
  },
  write: { ia3: writeIa3 },
};

type Side = 'input' | 'output';

/** LyCORIS: W ∘ (1 + w); a bias stays as it is. */
function readAdded(module: ForeignModule): SiteReading {
  const scale = requiredTensor(module, 'ia3_weight');
  const [onInput] = requiredTensor(module, 'on_input').data;
  return reading(module, onInput === 0 ? 'output' : 'input', scale);
}

/** PEFT: W ∘ l, and the bias as well where outputs are multiplied. */
function readWhole(module: ForeignModule, whole: Tensor<'f32'>): readonly SiteReading[] {
  const site = requiredSite(module);
  const scale = float32(
    whole.shape,
    whole.data.map((factor) => factor - 1),
  );
  const side = (module.peft?.isFeedForward ?? isOfInputs(site, whole)) ? 'input' : 'output';
  const matrix = reading(module, side, scale);
  const bias = side === 'output' ? module.site('bias') : undefined;
  return bias === undefined ? [matrix] : [matrix, { ...matrix, site: bias }];
}

/** A linear layer has [out, 1] or [1, in]. */
function isOfInputs(site: Site, { shape: [rows], data }: Tensor<'f32'>): boolean {
  return site.kernel === undefined ? rows === 1 && site.out > 1 : data.length !== site.out;
}

function reading(module: ForeignModule, side: Side, scale: Tensor<'f32'>): SiteReading {
  const site = requiredSite(module);
  const size = side === 'output' ? site.out : site.in / kernelTaps(site);
  if (scale.data.length !== size) {
    throw refusal(
      module,
      'ADAPTER_SHAPE',
      `${shapesOf(module)}: ${scale.data.length} factors are not those of the ${size} ${side === 'output' ? 'outputs' : 'input channels'} of ${site.name}: it was made for another model`,
    );
  }
  return {
    site,
    method: 'ia3',
    options: { side },
    parameters: { scale: reshaped(scale, [size]) },
  };
}

function writeIa3(site: Site, { side }: Options, { scale }: Parameters): WrittenTensors {
  invariant(scale !== undefined, 'an (IA)³ has a scale');
  const axes = site.kernel === undefined ? scale.shape : [1, ...scale.shape, 1, 1];
  return {
    algorithm: 'ia3',
    tensors: {
      ia3_weight: reshaped(scale, axes),
      on_input: float32([], [side === 'input' ? 1 : 0]),
    },
  };
}
