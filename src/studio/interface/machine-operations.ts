/** @file Interface of Studio: the machine, the models that it has, and what the person prefers. */
import type { Change, Look } from './operation-shapes.ts';

/** Where Studio works. */
export interface Session {
  readonly version: string;
  /** Name of the work folder, for people. */
  readonly work: string;
  readonly machine: Machine;
  readonly preferences: Preferences;
}

export interface Machine {
  readonly cores: number;
  /** That work may take: of the machine, or of the container. */
  readonly memoryBytes: number;
  /** Devices that were found to work, the processor first. */
  readonly devices: readonly string[];
  readonly freeDiskBytes: number;
}

/** Kept in the work folder, so that every browser shows the same. */
export interface Preferences {
  readonly language: 'system' | 'en' | 'de';
  readonly theme: 'system' | 'light' | 'dark';
  /** Whether single keys are shortcuts. */
  readonly shortcuts: boolean;
}

/** A model that can be personalised. */
export interface Base {
  /** What settings call it. */
  readonly name: string;
  /** `Stable Diffusion 1.5`. */
  readonly title: string;
  /** A toy draws pictures of its own little world only. */
  readonly isToy: boolean;
  /** Whether all its files are on this machine. */
  readonly isHere: boolean;
  /** On disk, or to download. */
  readonly bytes: number;
  readonly license: string | undefined;
  /** Side of its pictures, pixels. */
  readonly size: number;
  /** Whether it is one of `models.list`, which nobody else knows by its name. */
  readonly isFound: boolean;
}

/** Of one training step with the usual settings. */
export interface BaseStep {
  /** It is still being worked out: an event of `plans` says when it is there. */
  readonly isReckoning: boolean;
  /** Left out where nothing is known. */
  readonly step?: StepEstimate;
}

/** A step that fits because its pictures are smaller. */
export interface SmallerStep {
  /** Value of the setting. */
  readonly resolution: number;
  readonly memoryBytes: number;
  readonly secondsPerStep: number;
}

export interface StepEstimate {
  readonly memoryBytes: number;
  /** Whether this machine holds it. */
  readonly fits: boolean;
  /** Value of the setting `memory` with which it fits; undefined where it fits without, or with none. */
  readonly memorySetting: string | undefined;
  /** With pictures that it fits with; undefined where it fits without, or with none. */
  readonly smaller: SmallerStep | undefined;
  readonly secondsPerStep: number | undefined;
  /** Of a picture of the model's own size; undefined where this machine cannot draw it. */
  readonly secondsPerPicture: number | undefined;
}

/** A model that lies on this machine where Studio may look: in `models` of the work folder, or in a folder that the command was given. */
export interface FoundModel {
  readonly id: string;
  /** Of its folder or file. */
  readonly name: string;
  /** The folder that it lies in, as people know it. */
  readonly place: string;
  readonly bytes: number;
  /** Whether it lies in the work folder, of which Studio may remove it. */
  readonly isOwn: boolean;
}

/** A file that a page sent, by what it turned out to be. */
export interface BroughtFile {
  readonly kind: 'adapter' | 'model';
  readonly id: string;
  readonly name: string;
}

/** Files of the work folder that are made again when they are asked for: cells of comparisons, files to be fetched. */
export type StoredKind = 'comparisons' | 'downloads';

export interface StoredFiles {
  readonly count: number;
  readonly bytes: number;
}

export type Storage = Readonly<Record<StoredKind, StoredFiles>>;

export interface MachineOperations {
  readonly 'session.get': Look<Record<never, never>, Session>;
  readonly 'preferences.set': Change<Partial<Preferences>, Preferences>;
  readonly 'bases.list': Look<Record<never, never>, readonly Base[]>;
  /** Traces the model, which for one of real size takes a processor seconds. */
  readonly 'bases.step': Look<{ readonly base: string }, BaseStep>;
  readonly 'models.list': Look<Record<never, never>, readonly FoundModel[]>;
  readonly 'models.remove': Change<{ readonly id: string }, null>;
  readonly 'storage.get': Look<Record<never, never>, Storage>;
  /** Removes all of a kind. */
  readonly 'storage.clear': Change<{ readonly kind: StoredKind }, Storage>;
}
