/** @file One record per method of other tools' files: how its tensors are read, and how ours are written as them. */
import type { Site } from '../../nn/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Role } from '../names/tensor-names.ts';
import type { ForeignModule, SiteReading } from './foreign-module.ts';
import type { Options, WrittenTensors } from './written-module.ts';

/** The parameters of a site by name. */
export type Parameters = Readonly<Record<string, Tensor<'f32'>>>;

/** A site of one of our methods in the terms of the other tools. */
export type SiteWriter = (site: Site, options: Options, parameters: Parameters) => WrittenTensors;

/** Reading and writing side by side, so that they cannot drift apart. */
export interface ForeignMethod {
  /** As people call it. */
  readonly title: string;
  /** Any of these says that a module is of this method. */
  readonly signs: readonly Role[];
  /** What else belongs to it. */
  readonly others?: readonly Role[];
  readonly read: (module: ForeignModule) => readonly SiteReading[];
  /** Our methods that are written as it, by name. */
  readonly write: Readonly<Record<string, SiteWriter>>;
}

/** Parameters under the names of the files, which begin with the method's; magnitudes are called alike everywhere. */
export function prefixed(
  prefix: string,
  parameters: Parameters,
): Partial<Record<Role, Tensor<'f32'>>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name === 'magnitude' ? name : prefix + name,
      value,
    ]),
  );
}
