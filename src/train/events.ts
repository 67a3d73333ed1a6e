/** @file What a training run reports. Written to events.jsonl and shown by whoever listens; paths are relative to the run's folder. */
import * as z from 'zod';

const step = z.number().int().nonnegative();
const count = z.number().int().nonnegative();
const seconds = z.number();
const texts = z.array(z.string()).readonly();

/** When it was reported, ISO 8601; absent of what is only shown, and in runs of earlier versions. */
const stamp = { time: z.iso.datetime().optional() };

const sizes = z.array(z.object({ width: count, height: count, pictures: count })).readonly();
const skipped = z.array(z.object({ name: z.string(), reason: z.string() })).readonly();

const begun = z.object({
  type: z.literal('begun'),
  /** The process that works on the run from here on. */
  pid: z.number().int(),
  host: z.string(),
  ...stamp,
});

const started = z.object({
  type: z.literal('started'),
  base: z.string(),
  device: z.string(),
  images: count,
  /** Of the pictures, and how many have each. */
  sizes,
  skipped,
  sites: count,
  parameters: count,
  /** Steps told of before and after this one no longer count. */
  fromStep: step,
  steps: count,
  /** What was decided about the base model without the user. */
  notes: texts,
  warnings: texts,
  ...stamp,
});

/** What is made one by one before the first step. */
const countedPhases = [
  'drawing pictures of the class',
  'encoding pictures',
  'encoding texts',
  'rounding weights',
  'decomposing weights',
  'taking gradients',
] as const;
export type CountedPhase = (typeof countedPhases)[number];

const phase = z.object({
  type: z.literal('phase'),
  phase: z.enum([...countedPhases, 'compiling', 'training']),
  ...stamp,
});

const made = z.object({
  type: z.literal('step'),
  /** 1 for the first. */
  step,
  steps: count,
  loss: z.number(),
  learningRate: z.number(),
  gradientNorm: z.number(),
  /** Whole step, and the part of it that ONNX Runtime was executing the graph. */
  seconds,
  graphSeconds: seconds,
  /** Resident memory of the process. */
  memoryBytes: z.number(),
  ...stamp,
});

const subjectLoss = z.object({
  /** Its phrase. */
  subject: z.string(),
  loss: z.number(),
  baseLoss: z.number(),
});

/** The mean loss on held-out pictures of one subject. */
export type SubjectLoss = Readonly<z.output<typeof subjectLoss>>;

/** The mean loss on held-out pictures, with always the same noise at the same timesteps. */
const validation = z.object({
  type: z.literal('validation'),
  step,
  loss: z.number(),
  /** Of the base model without the adapter. */
  baseLoss: z.number(),
  /** Of each subject, where several have such pictures: what stands above is their mean. */
  subjects: z.array(subjectLoss).optional(),
  ...stamp,
});

const checkpoint = z.object({ type: z.literal('checkpoint'), step, file: z.string(), ...stamp });

const sample = z.object({
  type: z.literal('sample'),
  step,
  file: z.string(),
  /** As it was drawn; absent in runs of earlier versions, whose pictures hold all prompts. */
  prompt: z.string().optional(),
  ...stamp,
});

/** Something that the run goes on without. */
const warning = z.object({ type: z.literal('warning'), message: z.string(), ...stamp });

/** Told to stop; what the run goes on from is the state after this step. */
const interrupted = z.object({ type: z.literal('interrupted'), step, ...stamp });

const failed = z.object({
  type: z.literal('failed'),
  code: z.string(),
  message: z.string(),
  ...stamp,
});

const finished = z.object({
  type: z.literal('finished'),
  step,
  adapter: z.string(),
  seconds,
  ...stamp,
});

/** One line of events.jsonl. */
export const eventSchema = z.discriminatedUnion('type', [
  begun,
  started,
  phase,
  made,
  validation,
  checkpoint,
  sample,
  warning,
  interrupted,
  failed,
  finished,
]);

export type RecordedEvent = Readonly<z.output<typeof eventSchema>>;

/** What listeners hear. */
export type TrainEvent =
  | RecordedEvent
  /** How far a phase is; not kept in events.jsonl. */
  | {
      readonly type: 'progress';
      readonly phase: CountedPhase;
      readonly done: number;
      readonly total: number;
      /** Where it is known. */
      readonly secondsLeft?: number;
    };
