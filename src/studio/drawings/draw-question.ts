/** @file What the drawing process is asked, and what it tells. */
import type { GenerateConfig, GenerateEvent } from '../../generate/generate-options.ts';
import type { HubEvent } from '../../storage/hub/hub-events.ts';
import type { Settings } from '../interface/operation-shapes.ts';

export interface DrawQuestion {
  /** What the adapters name where not given, or the bundled one. */
  readonly base: string | undefined;
  readonly device: GenerateConfig['device'];
  readonly adapters: readonly {
    readonly path: string;
    /** What settings inside the pictures call it. */
    readonly name: string;
    readonly strength: number;
  }[];
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
