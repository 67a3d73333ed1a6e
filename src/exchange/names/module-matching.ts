/** @file The tensors of a file by module, each found in the base under one of its names. */
import { requireFinite } from '../../adapters/index.ts';
import { AdapterError } from '../../base/errors.ts';
import { toFloat32 } from '../../tensor/half.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type ForeignModule, notFiniteAdvice } from '../methods/foreign-module.ts';
import type { Statement } from '../strength/stated-strength.ts';
import type { StrengthNotes } from '../strength/strength-notes.ts';
import type { PeftConfig } from '../tools/peft-config.ts';
import type { ModuleNames, NamedModule, NameStyle } from './module-names.ts';
import { type Role, splitTensorName } from './tensor-names.ts';

/** What may be overlooked where the caller says so. */
export const tolerances = ['unmatched', 'mixed-names', 'missing-alpha'] as const;

export type Tolerance = (typeof tolerances)[number];

/** The tensors of a file by module and role, whatever the base. */
export interface TensorGroups {
  readonly modules: ReadonlyMap<string, ReadonlyMap<Role, Tensor<'f32'>>>;
  /** Tensors whose names end as none of an adapter's do. */
  readonly others: readonly string[];
}

/**
 * Groups tensors by the module that their names begin with; lower precision is widened.
 *
 * @throws AdapterError ADAPTER_NOT_FINITE, SEVERAL_ADAPTERS where PEFT's names are of more than one, DUPLICATE_TENSOR
 *   where two names mean one tensor
 */
export function groupTensors(tensors: ReadonlyMap<string, Tensor>, where: string): TensorGroups {
  const modules = new Map<string, Map<Role, Tensor<'f32'>>>();
  const others: string[] = [];
  const adapters = new Set<string>();
  for (const [name, tensor] of tensors) {
    const split = splitTensorName(name, tensors);
    if (split === undefined) {
      others.push(name);
      continue;
    }
    if (split.adapter !== undefined) adapters.add(split.adapter);
    const known = modules.get(split.module) ?? new Map<Role, Tensor<'f32'>>();
    if (known.has(split.role) && adapters.size < 2) throw duplicateTensor(name, split, where);
    const widened = toFloat32(tensor);
    requireFinite(new Map([[name, widened]]), where, notFiniteAdvice);
    modules.set(split.module, known.set(split.role, widened));
  }
  if (adapters.size > 1) {
    throw new AdapterError(
      'SEVERAL_ADAPTERS',
      `${where}: it holds the adapters ${[...adapters].map((each) => `"${each}"`).join(' and ')}, expected one: save each in a file of its own`,
    );
  }
  return { modules, others };
}

function duplicateTensor(
  name: string,
  { module, role }: { readonly module: string; readonly role: Role },
  where: string,
): AdapterError {
  return new AdapterError(
    'DUPLICATE_TENSOR',
    `${where}: "${name}" is the second tensor that is "${role}" of ${module}; two files may have been joined: take them apart`,
  );
}

export interface MatchOptions {
  readonly names: ModuleNames;
  readonly where: string;
  /** The part of the pipeline that names without one belong to. */
  readonly part: string | undefined;
  readonly tolerate: readonly Tolerance[];
  /** What PEFT says of a part. */
  readonly config: (part: string) => PeftConfig | undefined;
  /** Where alpha is stated beside the tensors, in the order in which it is followed. */
  readonly statements: readonly Statement[];
  readonly notes: StrengthNotes;
}

export interface MatchedModules {
  readonly modules: readonly ForeignModule[];
  readonly styles: ReadonlySet<NameStyle>;
  /** Modules of the file that the base does not have. */
  readonly unmatched: readonly string[];
}

type Found = readonly (NamedModule & { readonly name: string })[];

/**
 * Finds the modules of a file in the base.
 *
 * @throws AdapterError MIXED_NAMES where UNet blocks are named in two ways, DUPLICATE_MODULE where two names are one
 *   module
 */
export function matchModules(groups: TensorGroups, options: MatchOptions): MatchedModules {
  const { names, where, part, tolerate, config, statements, notes } = options;
  const unmatched: string[] = [];
  const found: Found[number][] = [];
  for (const name of groups.modules.keys()) {
    const candidates = names.find(name);
    const match = candidates.find(({ module }) => partOf(module) === part) ?? candidates[0];
    if (match === undefined) unmatched.push(name);
    else found.push({ name, ...match });
  }
  if (!tolerate.includes('mixed-names')) refuseMixedNames(found, where);
  refuseDuplicates(found, where);
  const modules = found.map(({ name, module, style }): ForeignModule => {
    const dot = module.indexOf('.');
    const [modulePart, path] = [module.slice(0, dot), module.slice(dot + 1)];
    const [height = 1, width = 1] = names.site(module)?.kernel ?? [];
    return {
      name,
      module,
      where,
      tensors: groups.modules.get(name) ?? new Map(),
      peft: config(modulePart)?.at(path),
      statements,
      statedFor: { part: modulePart, path, isConvolution: height * width > 1 },
      notes,
      needsAlpha: alwaysWithAlpha.includes(style) && !tolerate.includes('missing-alpha'),
      site: (vector) => names.site(module, vector),
    };
  });
  return { modules, styles: new Set(found.map(({ style }) => style)), unmatched };
}

/** Styles of tools that always write alpha. */
const alwaysWithAlpha: readonly NameStyle[] = ['kohya', 'kohya-sgm'];

function partOf(module: string): string {
  return module.slice(0, module.indexOf('.'));
}

function refuseMixedNames(found: Found, where: string): void {
  const ofBlocks = (style: NameStyle) =>
    found.find((each) => each.style === style && partOf(each.module) === 'unet')?.name;
  const [diffusers, sgm] = [ofBlocks('kohya'), ofBlocks('kohya-sgm')];
  if (diffusers === undefined || sgm === undefined) return;
  throw new AdapterError(
    'MIXED_NAMES',
    `${where}: the UNet's blocks are named in two ways, such as "${diffusers}" and "${sgm}"; diffusers drops the second kind without a word, so two files may have been joined: take them apart, or tolerate "mixed-names" to use both`,
  );
}

function refuseDuplicates(found: Found, where: string): void {
  const seen = new Map<string, string>();
  for (const { name, module } of found) {
    const first = seen.get(module);
    if (first !== undefined) {
      throw new AdapterError(
        'DUPLICATE_MODULE',
        `${where}: "${first}" and "${name}" are both ${module}; two adapters were joined: take them apart`,
      );
    }
    seen.set(module, name);
  }
}
