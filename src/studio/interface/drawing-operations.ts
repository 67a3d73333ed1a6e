/** @file Interface of Studio: pictures drawn, and those that were. */
import type { Change, Failure, Look, PictureId, Settings, WaitsFor } from './operation-shapes.ts';

/** An adapter on a drawing. */
export interface UsedAdapter {
  /** Id among the adapters. */
  readonly id: string;
  readonly strength: number;
}

export interface DrawRequest {
  readonly base?: string;
  readonly adapters: readonly UsedAdapter[];
  /** Of generating, without files and folders: prompt, negative, count, seed, steps, guidance, sampler, width, height, noise... */
  readonly settings: Settings;
  /** Picture to begin with: one that was drawn, or uploaded. */
  readonly initImage?: PictureId;
  /** Its mask, uploaded: white is repainted. */
  readonly mask?: PictureId;
}

/** Pictures that are being drawn, or wait for it. */
export interface Drawing {
  readonly id: string;
  readonly request: DrawRequest;
  readonly state: 'waiting' | 'drawing' | 'done' | 'cancelled' | 'failed';
  /** What has the device meanwhile; undefined where it waits for other drawings, or for nothing. */
  readonly waitsFor: WaitsFor | undefined;
  readonly done: number;
  readonly total: number;
  /** Of all its pictures, 0 to 1. */
  readonly progress: number;
  readonly secondsLeft: number | undefined;
  readonly pictures: readonly PictureId[];
  readonly notes: readonly string[];
  readonly error: Failure | undefined;
}

/** A picture of the gallery. */
export interface DrawnEntry {
  readonly picture: PictureId;
  readonly width: number;
  readonly height: number;
  readonly prompt: string;
  readonly seed: number;
  readonly base: string;
  /** By what people call them. */
  readonly adapters: readonly { readonly name: string; readonly strength: number }[];
  /** Run whose adapter it was drawn with, the first where several; undefined where with none that is here. */
  readonly run: string | undefined;
  readonly isStarred: boolean;
  readonly changed: number;
}

/** Settings found inside a picture, of ours or of another tool. */
export interface FoundSettings {
  readonly from: 'krona' | 'a1111' | 'comfyui' | undefined;
  readonly request: DrawRequest | undefined;
  /** Of another tool's settings, what was not understood. */
  readonly notes: readonly string[];
}

export interface DrawingOperations {
  readonly 'drawings.list': Look<Record<never, never>, readonly Drawing[]>;
  readonly 'drawings.start': Change<DrawRequest, Drawing>;
  /** Keeps what is done. */
  readonly 'drawings.cancel': Change<{ readonly id: string }, Drawing>;
  /** The newest first. */
  readonly 'gallery.list': Look<
    {
      readonly after?: PictureId;
      readonly count: number;
      readonly run?: string;
      readonly text?: string;
      readonly starred?: boolean;
    },
    { readonly entries: readonly DrawnEntry[]; readonly total: number }
  >;
  readonly 'gallery.star': Change<
    { readonly picture: PictureId; readonly isStarred: boolean },
    null
  >;
  readonly 'gallery.remove': Change<{ readonly picture: PictureId }, null>;
  /** Of a picture of the gallery, a sample, or one uploaded. */
  readonly 'gallery.settings': Look<{ readonly picture: PictureId }, FoundSettings>;
}
