/** @file Reads a folder of reference values: a safetensors file and JSON beside it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KronaError } from '../../src/base/errors.ts';
import { decodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { type Tensor, tensor } from '../../src/tensor/tensor.ts';

/** The tensors of a fixture, by name. */
export class FixtureTensors {
  readonly #tensors: ReadonlyMap<string, Tensor>;
  readonly #where: string;

  constructor(tensors: ReadonlyMap<string, Tensor>, where: string) {
    this.#tensors = tensors;
    this.#where = where;
  }

  names(): string[] {
    return [...this.#tensors.keys()];
  }

  /** What follows the prefix in the names of a group's tensors: `under('grad/')`. */
  under(prefix: string): string[] {
    return this.names()
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  float32(name: string): Tensor<'f32'> {
    const { shape, data } = this.#get(name);
    if (data instanceof Float32Array) return tensor('f32', shape, data);
    throw new KronaError('FIXTURE_DTYPE', `${this.#where}: ${name} is not float32`);
  }

  int32(name: string): Int32Array<ArrayBuffer> {
    const { data } = this.#get(name);
    if (data instanceof Int32Array) return data;
    throw new KronaError('FIXTURE_DTYPE', `${this.#where}: ${name} is not int32`);
  }

  uint8(name: string): Tensor<'u8'> {
    const { shape, data } = this.#get(name);
    if (data instanceof Uint8Array) return tensor('u8', shape, data);
    throw new KronaError('FIXTURE_DTYPE', `${this.#where}: ${name} is not uint8`);
  }

  /** The rows of an int32 matrix. */
  rows(name: string): number[][] {
    const { shape } = this.#get(name);
    const values = [...this.int32(name)];
    const [count = 0, length = 0] = shape;
    return Array.from({ length: count }, (_, n) => values.slice(n * length, (n + 1) * length));
  }

  #get(name: string): Tensor {
    const found = this.#tensors.get(name);
    if (found === undefined)
      throw new KronaError('FIXTURE_TENSOR', `${this.#where} has no tensor ${name}`);
    return found;
  }
}

export async function readFixtureTensors(
  folder: string,
  file = 'expected.safetensors',
): Promise<FixtureTensors> {
  const where = join(folder, file);
  return new FixtureTensors(decodeSafetensors(await readFile(where), where).tensors, where);
}

export async function readFixtureJson(folder: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, file), 'utf8'));
}
