/** @file Kronecker factors that start from the gradient of a weight, as LoRA-GA's do (Wang, Yu and Li 2024).
 *
 * Notation: G is the gradient with respect to W, and M its rearrangement, with the block that A[q, i] scales as a row
 * (Van Loan and Pitsianis 1993), so that the nearest sums of products are the first singular vectors uᵣ and vᵣ of M.
 * Where ΔW is nothing, dA = M·b where A is zero, and dB = Mᵀ·a where B is: a training step computes these products, and
 * neither G nor M is ever formed.
 */
import { invariant } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { concatenate, negate, reshape, type Value } from '../../graph/index.ts';
import type { Site } from '../../nn/index.ts';
import type { Columns } from '../../tensor/linear-algebra/columns.ts';
import { rangeSvd } from '../../tensor/linear-algebra/truncated-svd.ts';
import { float32, type Shape, type Tensor } from '../../tensor/tensor.ts';
import {
  type ParameterSpec,
  parameter,
  type SiteParameters,
  type SiteTensors,
  type WithGradients,
} from '../adapter.ts';
import { normal, zero } from './initial.ts';

/** LoRA-GA's γ: the larger it is, the smaller the factors start (16 in its experiments). */
const stableGamma = 16;

/** Times that M and Mᵀ turn the directions. */
const iterations = 2;

/** Products that this takes. */
export const gradientRounds = 2 + 2 * iterations;

/** What is trained, and what that started as, which is taken off again: a side of 2R matrices. */
const sides = { a: ['A', 'startA'], b: ['B', 'startB'] } as const;

/** Stacks A [R, a1, a2] and B [R, b1, b2], drawn so that ΔW is nothing and B are directions to try. */
export function startedFactors(a: Shape, b: Shape): readonly ParameterSpec[] {
  return [
    { name: 'A', shape: a, initial: zero },
    { name: 'B', shape: b, initial: normal(1) },
    { name: 'startA', shape: a, initial: zero, isFrozen: true },
    { name: 'startB', shape: b, initial: normal(1), isFrozen: true },
  ];
}

/** Σ_r A_r ⊗ B_r less what it started as, as stacks [2R, …] in which each product stands before its start. */
export function lessStart(parameters: SiteParameters): { readonly a: Value; readonly b: Value } {
  return {
    a: inTurns(parameter(parameters, 'A'), negate(parameter(parameters, 'startA'))),
    b: inTurns(parameter(parameters, 'B'), parameter(parameters, 'startB')),
  };
}

/** [R, rows, columns] of both → [2R, rows, columns] */
function inTurns(first: Value, second: Value): Value {
  const [terms = 1, ...each] = first.shape;
  const single = [first, second].map((stack) => reshape(stack, [terms, 1, ...each]));
  return reshape(concatenate(single, 1), [2 * terms, ...each]);
}

/** The same of host tensors: the parameters of a sum of 2R products that changes W as much. */
export function lessStartTensors(own: SiteTensors): SiteTensors {
  const merged = (name: string, start: Columns) => {
    const [terms = 1, ...each] = shapeOf(own, name);
    const turns = columnsOf(own, name).flatMap((column, i) => [column, required(start, i)]);
    return stack([2 * terms, ...each], turns);
  };
  return {
    A: merged('A', columnsOf(own, 'startA').map(negated)),
    B: merged('B', columnsOf(own, 'startB')),
  };
}

/**
 * A_r of uᵣ and B_r of v_{R+r}, so that a step along both gradients is the change of rank 2R that is nearest to one along
 * G (theorem 3.1), each of the norm ⁴√out / √γ, at which outputs and gradients have sizes that do not depend on those of
 * W (theorem 3.2).
 */
export function* gradientFactors(site: Site, drawn: SiteTensors): WithGradients<SiteTensors> {
  const shapes = { a: shapeOf(drawn, 'A'), b: shapeOf(drawn, 'B') };
  const terms = required(shapes.a, 0);
  const work = rangeSvd(
    sides.b.flatMap((name) => columnsOf(drawn, name)),
    iterations,
  );
  let step = work.next();
  while (!step.done) {
    const { isTransposed, columns } = step.value;
    const [given, sought] = isTransposed ? (['a', 'b'] as const) : (['b', 'a'] as const);
    const gradients = yield {
      [sides[given][0]]: stack(shapes[given], columns.slice(0, terms)),
      [sides[given][1]]: stack(shapes[given], columns.slice(terms)),
      ...Object.fromEntries(sides[sought].map((name) => [name, float32(shapes[sought])])),
    };
    const [own, start] = sides[sought];
    step = work.next([...columnsOf(gradients, own), ...columnsOf(gradients, start).map(negated)]);
  }
  const { u, v } = step.value;
  const norm = site.out ** (1 / 4) / Math.sqrt(stableGamma);
  const A = stack(shapes.a, u.slice(0, terms), norm);
  const B = stack(shapes.b, v.slice(terms), norm);
  return { A, B, startA: float32(A.shape, A.data), startB: float32(B.shape, B.data) };
}

function shapeOf(own: SiteTensors, name: string): Shape {
  const found = own[name];
  invariant(found !== undefined, `the site has no ${name}`);
  return found.shape;
}

/** Each matrix of a stack as a column. */
function columnsOf(own: SiteTensors, name: string): Columns {
  const data = own[name]?.data ?? new Float32Array();
  const terms = required(shapeOf(own, name), 0);
  const size = data.length / terms;
  return Array.from({ length: terms }, (_, term) =>
    Float64Array.from(data.subarray(term * size, (term + 1) * size)),
  );
}

function stack(shape: Shape, columns: Columns, scale = 1): Tensor<'f32'> {
  const result = float32(shape);
  const size = result.data.length / required(shape, 0);
  for (const [term, column] of columns.entries()) {
    result.data.set(
      column.map((value) => scale * value),
      term * size,
    );
  }
  return result;
}

function negated(column: Float64Array): Float64Array {
  return column.map((value) => -value);
}
