/** @file One module of another tool's file: its tensors by role, and the site of the base that it changes. */
import type { SiteAdapter } from '../../adapters/index.ts';
import { AdapterError } from '../../base/errors.ts';
import { kernelTaps, type Site } from '../../nn/index.ts';
import { formatShape, reshaped, type Tensor } from '../../tensor/tensor.ts';
import type { Role } from '../names/tensor-names.ts';
import type { StatedFor, Statement } from '../strength/stated-strength.ts';
import type { StrengthNotes } from '../strength/strength-notes.ts';
import type { PeftSettings } from '../tools/peft-config.ts';

/** A module of a file, found in the base. */
export interface ForeignModule {
  /** As the file names it. */
  readonly name: string;
  /** As we name it. */
  readonly module: string;
  /** Names the file in errors. */
  readonly where: string;
  readonly tensors: ReadonlyMap<Role, Tensor<'f32'>>;
  /** Of PEFT's files. */
  readonly peft: PeftSettings | undefined;
  /** Where alpha is stated beside the tensors, in the order in which it is followed. */
  readonly statements: readonly Statement[];
  /** What to look for there. */
  readonly statedFor: StatedFor;
  /** Takes what is to be said of its strength. */
  readonly notes: StrengthNotes;
  /** Whether the tool that writes such names always writes alpha. */
  readonly needsAlpha: boolean;
  /** The site of the module, or of a vector in it. */
  readonly site: (vector?: 'weight' | 'bias') => Site | undefined;
}

/** What a module was read as. */
export type SiteReading = SiteAdapter;

/**
 * A tensor of a module.
 *
 * @throws AdapterError MODULE_INCOMPLETE where it is missing
 */
export function requiredTensor(module: ForeignModule, role: Role): Tensor<'f32'> {
  const found = module.tensors.get(role);
  if (found !== undefined) return found;
  throw refusal(
    module,
    'MODULE_INCOMPLETE',
    `there is no ${role} beside ${[...module.tensors.keys()].join(', ')}; the file was cut or edited: take a whole one`,
  );
}

/**
 * The number that the tensor `alpha` holds; undefined where there is none.
 *
 * @throws AdapterError ALPHA_INVALID where it holds several
 */
export function alphaTensor(module: ForeignModule): number | undefined {
  const alpha = module.tensors.get('alpha');
  if (alpha === undefined || alpha.data.length === 1) return alpha?.data[0];
  throw refusal(
    module,
    'ALPHA_INVALID',
    `its tensor alpha has the shape ${formatShape(alpha.shape)}; expected one number: take another copy of the file`,
  );
}

/**
 * The weight that a module changes.
 *
 * @throws AdapterError MODULE_UNKNOWN where the base has none of that kind there
 */
export function requiredSite(module: ForeignModule, vector?: 'weight' | 'bias'): Site {
  const site = module.site(vector);
  if (site !== undefined) return site;
  throw refusal(
    module,
    'MODULE_UNKNOWN',
    `${module.module} of the base has no ${vector ?? 'matrix'} that it could change`,
  );
}

/** @throws AdapterError ADAPTER_SHAPE where sizes differ from those of the site */
export function requireSizes(
  module: ForeignModule,
  site: Site,
  [out, inner]: readonly [number, number],
): void {
  if (site.out === out && site.in === inner) return;
  throw refusal(
    module,
    'ADAPTER_SHAPE',
    `its tensors (${shapesOf(module)}) make ${out} x ${inner}, ${site.name} of the base is ${site.out} x ${site.in}: it was made for another model`,
  );
}

/**
 * What DoRA adds to a method: options and parameters, none where the module has no magnitudes.
 *
 * @throws AdapterError DORA_SIDE where they are neither those of the outputs nor those of the inputs
 */
export function magnitudeOf(
  module: ForeignModule,
  site: Site,
): Pick<SiteReading, 'options' | 'parameters'> {
  const magnitude = module.tensors.get('magnitude');
  if (magnitude === undefined) return { options: {}, parameters: {} };
  const { shape, data } = magnitude;
  const taps = kernelTaps(site);
  const channels = site.in / taps;
  // PEFT has [1, out, 1, 1] for convolutions; LyCORIS, which always writes alpha, means inputs by such a shape.
  const axis = site.kernel === undefined || module.tensors.has('alpha') ? 0 : 1;
  if (data.length === site.out && (shape[0] === site.out || shape[axis] === site.out)) {
    return { options: { dora: true }, parameters: { magnitude: reshaped(magnitude, [site.out]) } };
  }
  if (data.length === channels && shape[0] === 1 && shape[1] === channels) {
    return {
      options: { dora: true, doraSide: 'input' },
      parameters: { magnitude: reshaped(magnitude, [channels]) },
    };
  }
  throw refusal(
    module,
    'DORA_SIDE',
    `magnitudes of shape ${formatShape(shape)} are neither those of the ${site.out} outputs nor those of the ${channels} inputs: it was made for another model`,
  );
}

/** `down [4, 320], up [320, 4]` */
export function shapesOf({ tensors }: ForeignModule): string {
  return [...tensors].map(([role, { shape }]) => `${role} ${formatShape(shape)}`).join(', ');
}

/** What to do about numbers of another tool's file that are NaN or infinite. */
export const notFiniteAdvice =
  'it was saved by a training that had diverged, or damaged; take an earlier one, or another copy';

/** An error at a module of a file. */
export function refusal(module: ForeignModule, code: string, message: string): AdapterError {
  return new AdapterError(code, `${module.where}: "${module.name}": ${message}`);
}
