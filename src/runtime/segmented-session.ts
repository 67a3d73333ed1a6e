/** @file Runs a step that was cut into segments: forward through all, backward through all, nothing kept that is not needed. */
import { type CompiledProgram, gradientName } from '../graph/index.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';
import { Outputs, openSession, type Session, type SessionOptions } from './session.ts';

/** The compiled programs of one segment. */
export interface CompiledSegment {
  readonly forward: CompiledProgram | undefined;
  readonly backward: CompiledProgram | undefined;
}

interface OpenProgram {
  readonly program: CompiledProgram;
  readonly session: Session;
}

interface OpenSegment {
  readonly forward: OpenProgram | undefined;
  readonly backward: OpenProgram | undefined;
}

/** A segmented step ready to run; the same inputs and outputs as the step in one piece. */
export class SegmentedSession {
  readonly #segments: readonly OpenSegment[];

  private constructor(segments: readonly OpenSegment[]) {
    this.#segments = segments;
  }

  static async open(
    segments: readonly CompiledSegment[],
    options: SessionOptions,
  ): Promise<SegmentedSession> {
    const opened: OpenSegment[] = [];
    const open = async (program: CompiledProgram | undefined) =>
      program && { program, session: await openSession(program, options) };
    try {
      for (const { forward, backward } of segments) {
        opened.push({ forward: await open(forward), backward: await open(backward) });
      }
    } catch (error) {
      await new SegmentedSession(opened)[Symbol.asyncDispose]();
      throw error;
    }
    return new SegmentedSession(opened);
  }

  /** Floating-point operations of one run. */
  get flops(): number {
    const parts = this.#segments.flatMap(({ forward, backward }) => [forward, backward]);
    return parts.reduce((sum, part) => sum + (part?.session.flops ?? 0), 0);
  }

  /** Runs forward and backward once. */
  async run(inputs: Readonly<Record<string, Tensor>>): Promise<Outputs> {
    const known = new Map(Object.entries(inputs));
    for (const { forward } of this.#segments) {
      if (forward === undefined) continue;
      for (const [name, value] of await runPart(forward, known)) known.set(name, value);
    }
    for (const { forward, backward } of [...this.#segments].reverse()) {
      if (backward !== undefined) {
        for (const [name, value] of await runPart(backward, known)) addInto(known, name, value);
      }
      for (const name of forward?.program.outputs.keys() ?? []) {
        known.delete(gradientName(name));
        if (name.startsWith('value ')) known.delete(name);
      }
    }
    return new Outputs(known);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { forward, backward } of this.#segments) {
      await forward?.session[Symbol.asyncDispose]();
      await backward?.session[Symbol.asyncDispose]();
    }
  }
}

async function runPart(
  { program, session }: OpenProgram,
  known: ReadonlyMap<string, Tensor>,
): Promise<Iterable<readonly [string, Tensor]>> {
  const inputs: Record<string, Tensor> = {};
  for (const [name, { dtype, shape }] of program.inputs) {
    const given = known.get(name);
    // A value that no later segment passed a gradient to does not matter to the loss.
    if (given === undefined && dtype === 'f32' && name.startsWith(gradientName('value '))) {
      inputs[name] = float32(shape);
    } else if (given !== undefined) inputs[name] = given;
  }
  const results = await session.run(inputs);
  return results.entries();
}

/** Gradients of one value from several segments add up; everything else is set. */
function addInto(known: Map<string, Tensor>, name: string, value: Tensor): void {
  const sofar = known.get(name);
  if (sofar?.dtype !== 'f32' || value.dtype !== 'f32' || !name.startsWith(gradientName(''))) {
    known.set(name, value);
    return;
  }
  const sum = sofar.data as Float32Array;
  (value.data as Float32Array).forEach((part, i) => {
    sum[i] = (sum[i] ?? 0) + part;
  });
}
