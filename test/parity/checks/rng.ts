/** @file PyTorch's CPU generator: normals, uniforms, integers and permutations by seed. */
import { TorchGenerator } from '../../../src/base/torch-random.ts';
import { elementCount, type Tensor } from '../../../src/tensor/tensor.ts';
import { type Check, compared, largestDifference, unsupported } from '../check.ts';
import { type FixtureTensors, readFixtureTensors } from '../fixture.ts';

/** log and cos differ in the last bits between mathematics libraries. */
const normalTolerance = 1e-6;

/** Draws named `kind.seedS.SHAPE`, each from a fresh generator. */
const draws: Record<string, (generator: TorchGenerator, count: number) => ArrayLike<number>> = {
  randn: (generator, count) => generator.randn(count),
  rand: (generator, count) => generator.rand(count),
  randint1000: (generator, count) => generator.randint(0, 1000, count),
  randperm: (generator, count) => generator.randperm(count),
};

/** Draws named `sequence.seedS.LETTER`, from one generator in the order of the letters. */
const sequence: Record<string, 'randn' | 'rand'> = {
  a: 'randn',
  b: 'randn',
  c: 'randn',
  d: 'rand',
};

/** Compares every draw of a fixture of random numbers. */
export async function checkRng(folder: string): Promise<Check[]> {
  const tensors = await readFixtureTensors(folder);
  const generators = new Map<string, TorchGenerator>();
  return tensors
    .names()
    .sort()
    .map((name) => checkDraw(name, tensors, generators));
}

function checkDraw(
  name: string,
  tensors: FixtureTensors,
  generators: Map<string, TorchGenerator>,
): Check {
  const [kind = '', seed = '', letter = ''] = name.split('.');
  const isSequence = kind === 'sequence';
  const drawName = isSequence ? sequence[letter] : kind;
  const draw = drawName === undefined ? undefined : draws[drawName];
  if (draw === undefined) return unsupported(name, `no draw called ${kind}`);
  const fresh = new TorchGenerator(BigInt(seed.replace('seed', '')));
  const generator = isSequence ? (generators.get(seed) ?? fresh) : fresh;
  if (isSequence) generators.set(seed, generator);
  const expected: Tensor<'f32'> = tensors.float32(name);
  const actual = draw(generator, elementCount(expected.shape));
  const tolerance = drawName === 'randn' ? normalTolerance : 0;
  return compared(name, largestDifference(actual, expected.data), tolerance);
}
