/** @file What the engine that will run a program is good at; operations write themselves accordingly. */

export interface Target {
  /** Whether its fused attention (com.microsoft.MultiHeadAttention) computes what it should. */
  readonly fusedAttention: boolean;
  /** Bytes of the largest value that it takes in one buffer; attention forms its map in parts of that size. @default any */
  readonly largestValue?: number;
}

/** ONNX Runtime on the CPU. */
export const defaultTarget: Target = { fusedAttention: true };
