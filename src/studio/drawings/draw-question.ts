/** @file What the drawing process is asked, and what it tells. */
import type { GenerateConfig, GenerateEvent } from '../../generate/generate-options.ts';
import type { HubEvent } from '../../storage/hub/hub-events.ts';
import type { RunCheckpoint } from '../../train/adapter/checkpoint-adapter.ts';
import type { Settings } from '../interface/operation-shapes.ts';

/** An adapter of a drawing. */
export interface AskedAdapter {
  /** Its file. */
  readonly path: string;
  /** Where the file is no adapter, but a kept state of a run: of which. */
  readonly checkpoint: RunCheckpoint | undefined;
  /** What settings inside the pictures call it. */
  readonly name: string;
  readonly strength: number;
}

export interface DrawQuestion {
  /** What the adapters name where not given, or the bundled one. */
  readonly base: string | undefined;
  readonly device: GenerateConfig['device'];
  readonly adapters: readonly AskedAdapter[];
  /** Of generating, without files and folders. */
  readonly settings: Settings;
  readonly initImage: Uint8Array | undefined;
  readonly mask: Uint8Array | undefined;
}

export type DrawEvent = GenerateEvent | HubEvent;

/** What was decided without the person. */
export interface DrawAnswer {
  readonly notes: readonly string[];
}
