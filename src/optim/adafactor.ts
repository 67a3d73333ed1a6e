/** @file Adafactor with a given learning rate (Shazeer and Stern 2018, algorithm 4), as transformers' without relative steps. */
import { required } from '../base/required.ts';
import { float32, type Shape } from '../tensor/tensor.ts';
import { matching } from './matching.ts';
import type { Optimizer } from './optimizer.ts';

export interface AdafactorOptions {
  /** Added to squared gradients. @default 1e-30 */
  readonly epsilon?: number;
  /** Largest root mean square of an update before the learning rate. @default 1 */
  readonly clipping?: number;
  /** Share of a parameter that an update with learning rate 1 takes away. @default 0 */
  readonly weightDecay?: number;
}

/** A tensor seen as `count` matrices. */
interface Matrices {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

/** Remembers squared gradients of a matrix by their row and column means only, so almost nothing. */
export function adafactor({
  epsilon = 1e-30,
  clipping = 1,
  weightDecay = 0,
}: AdafactorOptions = {}): Optimizer {
  return {
    init(parameters) {
      const zeros = [...parameters].flatMap(([name, { shape }]) =>
        memoryShapes(shape).map(
          ([quantity, size]) => [`${quantity}/${name}`, float32(size)] as const,
        ),
      );
      return { step: 0, tensors: new Map(zeros) };
    },
    update(parameters, gradients, state, learningRate) {
      state.step += 1;
      const decay = 1 - state.step ** -0.8;
      for (const [name, { shape, data }] of parameters) {
        const gradient = matching(gradients, name, { shape, optimizer: 'adafactor' });
        const squares = Float64Array.from(gradient, (g) => g * g + epsilon);
        const [first, second] = memoryShapes(shape).map(([quantity, size]) =>
          matching(state.tensors, `${quantity}/${name}`, { shape: size, optimizer: 'adafactor' }),
        );
        const roots =
          first === undefined || second === undefined
            ? rootsOf(remember(first ?? new Float32Array(), squares, decay))
            : factoredRoots(matricesOf(shape), { squares, decay, byRow: first, byColumn: second });
        const update = roots.map((root, i) => (gradient[i] ?? 0) / root);
        const meanSquare = update.reduce((sum, value) => sum + value * value, 0) / update.length;
        const rate = learningRate / Math.max(1, Math.sqrt(meanSquare) / clipping);
        for (let i = 0; i < data.length; i++) {
          data[i] = (data[i] ?? 0) * (1 - weightDecay * learningRate) - rate * (update[i] ?? 0);
        }
      }
    },
  };
}

function memoryShapes(shape: Shape): readonly (readonly [string, Shape])[] {
  if (shape.length < 2) return [['square', shape]];
  const { count, rows, columns } = matricesOf(shape);
  return [
    ['row', [count, rows]],
    ['column', [count, columns]],
  ];
}

function matricesOf(shape: Shape): Matrices {
  const [rows = 1, columns = 1] = shape.slice(-2);
  return { count: shape.slice(0, -2).reduce((a, b) => a * b, 1), rows, columns };
}

/** memory ← decay·memory + (1 − decay)·values */
function remember(memory: Float32Array, values: Float64Array, decay: number): Float32Array {
  for (let i = 0; i < memory.length; i++) {
    memory[i] = decay * (memory[i] ?? 0) + (1 - decay) * (values[i] ?? 0);
  }
  return memory;
}

function rootsOf(squares: Float32Array): Float64Array {
  return Float64Array.from(squares, Math.sqrt);
}

interface Factors {
  readonly squares: Float64Array;
  readonly decay: number;
  readonly byRow: Float32Array;
  readonly byColumn: Float32Array;
}

/** √(R_i · C_j / mean(R)) of every matrix: what the row and column means say of each square. */
function factoredRoots(
  { count, rows, columns }: Matrices,
  { squares, decay, byRow, byColumn }: Factors,
): Float64Array {
  const rowMeans = new Float64Array(count * rows);
  const columnMeans = new Float64Array(count * columns);
  squares.forEach((square, i) => {
    const row = Math.floor(i / columns);
    const column = Math.floor(row / rows) * columns + (i % columns);
    rowMeans[row] = (rowMeans[row] ?? 0) + square / columns;
    columnMeans[column] = (columnMeans[column] ?? 0) + square / rows;
  });
  remember(byRow, rowMeans, decay);
  remember(byColumn, columnMeans, decay);
  const means = Array.from({ length: count }, (_, matrix) => {
    const own = byRow.subarray(matrix * rows, (matrix + 1) * rows);
    return own.reduce((sum, value) => sum + value, 0) / rows;
  });
  return squares.map((_, i) => {
    const row = Math.floor(i / columns);
    const matrix = Math.floor(row / rows);
    const column = byColumn[matrix * columns + (i % columns)] ?? 0;
    return Math.sqrt(((byRow[row] ?? 0) / required(means, matrix)) * column);
  });
}
