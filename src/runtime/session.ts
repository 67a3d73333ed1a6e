/** @file Runs a compiled program, checking what is fed to it. Whoever opens a session disposes of it. */
import { ShapeError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { type CompiledProgram, formatType } from '../graph/index.ts';
import { defaultEngine } from '../platform/engine-default.ts';
import type { Engine, EngineOptions, EngineSession } from '../platform/onnx/engine.ts';
import { type DType, sameShape, type Tensor } from '../tensor/tensor.ts';
import { integerSumsOverflow } from './integer-sums.ts';

export interface SessionOptions extends Omit<EngineOptions, 'weightFiles' | 'unsignedWeights'> {
  /** @default ONNX Runtime's for Node */
  readonly engine?: Engine;
}

/** A program ready to run. `await using session = await openSession(...)` frees it at the end of the block. */
export class Session {
  readonly #program: CompiledProgram;
  readonly #session: EngineSession;

  constructor(program: CompiledProgram, session: EngineSession) {
    this.#program = program;
    this.#session = session;
  }

  /** Floating-point operations of one run. */
  get flops(): number {
    return this.#program.flops;
  }

  /**
   * Runs once.
   *
   * @param inputs every input of the program, by name
   * @returns every output, by name
   * @throws ShapeError where an input is missing, unknown, or of another type than it was compiled for
   */
  async run(inputs: Readonly<Record<string, Tensor>>): Promise<Outputs> {
    const expected = this.#program.inputs;
    for (const [name, given] of Object.entries(inputs)) {
      const type = expected.get(name);
      if (type === undefined) {
        throw new ShapeError(
          'UNKNOWN_INPUT',
          `the program has no input "${name}"${didYouMean(name, expected.keys())}`,
        );
      }
      if (type.dtype !== given.dtype || !sameShape(type.shape, given.shape)) {
        const got = formatType(given);
        throw new ShapeError(
          'INPUT_TYPE',
          `input "${name}" was compiled as ${formatType(type)}, got ${got}`,
        );
      }
    }
    for (const name of expected.keys()) {
      if (!(name in inputs)) throw new ShapeError('MISSING_INPUT', `input "${name}" was not given`);
    }
    return new Outputs(await this.#session.run(new Map(Object.entries(inputs))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}

/** What a run gave. */
export class Outputs {
  readonly #tensors: ReadonlyMap<string, Tensor>;

  constructor(tensors: ReadonlyMap<string, Tensor>) {
    this.#tensors = tensors;
  }

  /** All outputs by name. */
  entries(): Iterable<readonly [string, Tensor]> {
    return this.#tensors;
  }

  /** The output of that name. @param dtype what it must be, @default float32 */
  get<D extends DType = 'f32'>(name: string, dtype?: D): Tensor<D> {
    const found = this.#tensors.get(name);
    if (found === undefined) {
      throw new ShapeError(
        'UNKNOWN_OUTPUT',
        `there is no output "${name}"${didYouMean(name, this.#tensors.keys())}`,
      );
    }
    const wanted = dtype ?? 'f32';
    if (found.dtype !== wanted) {
      throw new ShapeError(
        'OUTPUT_TYPE',
        `output "${name}" is ${formatType(found)}, not ${wanted}`,
      );
    }
    return found as Tensor<D>;
  }
}

/** Loads a compiled program. */
export async function openSession(
  program: CompiledProgram,
  { engine = defaultEngine, ...options }: SessionOptions = {},
): Promise<Session> {
  const { eightBitProducts = false } = options;
  const unsignedWeights = eightBitProducts && (await integerSumsOverflow(engine));
  const weightFiles = program.files;
  return new Session(
    program,
    await engine.open(program.model, { ...options, unsignedWeights, weightFiles }),
  );
}
