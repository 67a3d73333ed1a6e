/** @file What a training run reports. Written to events.jsonl and shown by whoever listens. */
import type { SizeCount } from './picture-sizes.ts';

/** What is made one by one before the first step. */
export type CountedPhase = 'drawing pictures of the class' | 'encoding pictures' | 'encoding texts';

export type TrainEvent =
  | {
      readonly type: 'started';
      readonly run: string;
      readonly base: string;
      readonly device: string;
      readonly images: number;
      /** Of the pictures, and how many have each. */
      readonly sizes: readonly SizeCount[];
      readonly skipped: readonly { readonly name: string; readonly reason: string }[];
      readonly sites: number;
      readonly parameters: number;
      readonly fromStep: number;
      readonly steps: number;
      /** What was decided about the base model without the user. */
      readonly notes: readonly string[];
      readonly warnings: readonly string[];
    }
  | { readonly type: 'phase'; readonly phase: CountedPhase | 'compiling' | 'training' }
  /** How far a phase is; not kept in events.jsonl. */
  | {
      readonly type: 'progress';
      readonly phase: CountedPhase;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly type: 'step';
      /** 1 for the first. */
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      readonly learningRate: number;
      readonly gradientNorm: number;
      /** Whole step, and the part of it that ONNX Runtime was executing the graph. */
      readonly seconds: number;
      readonly graphSeconds: number;
      /** Resident memory of the process. */
      readonly memoryBytes: number;
    }
  | { readonly type: 'checkpoint'; readonly step: number; readonly file: string }
  | { readonly type: 'sample'; readonly step: number; readonly file: string }
  | { readonly type: 'interrupted'; readonly step: number }
  | {
      readonly type: 'finished';
      readonly step: number;
      readonly adapter: string;
      readonly seconds: number;
    };
