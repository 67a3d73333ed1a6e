/** @file Interface of Studio: sets of pictures. The files that came in are never altered. */
import type { Change, Failure, Look, PictureId } from './operation-shapes.ts';

export interface DatasetSummary {
  readonly id: string;
  readonly name: string;
  /** What it shows: "dog"; undefined until somebody says. */
  readonly className: string | undefined;
  /** Came with the package, and cannot be changed. */
  readonly isBundled: boolean;
  readonly count: number;
  /** Of its first pictures, at most four. */
  readonly thumbnails: readonly PictureId[];
  /** Whether any of its pictures has a mask. */
  readonly hasMasks: boolean;
}

/** What of a picture is learned: what is white. */
export interface DatasetMask {
  readonly picture: PictureId;
  /** Another one for another content. */
  readonly version: string;
}

/** A part of a picture, in its pixels. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface DatasetPicture {
  /** Its file's name, unique in the set. */
  readonly name: string;
  readonly picture: PictureId;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Text beside it; undefined where there is none. */
  readonly caption: string | undefined;
  /** Beside it; undefined where there is none. */
  readonly mask: DatasetMask | undefined;
  /** What a training sees of it, and at what size. */
  readonly crop: Crop;
  /** Whether that is another part than its middle. */
  readonly isMoved: boolean;
  readonly trainedWidth: number;
  readonly trainedHeight: number;
}

export type DatasetWarningKind =
  | 'too small'
  | 'blurred'
  | 'near duplicates'
  | 'ratio cut'
  | 'same background'
  | 'missing captions'
  | 'few pictures'
  | 'unreadable';

/** Nothing here keeps a training from beginning, except where no picture is left. */
export interface DatasetWarning {
  readonly kind: DatasetWarningKind;
  /** Pictures that it is about; none where it is about another file of the set. */
  readonly names: readonly string[];
  /** One sentence, in English. */
  readonly message: string;
  /** Why a file cannot be read. */
  readonly failure?: Failure;
}

export interface Dataset extends DatasetSummary {
  readonly pictures: readonly DatasetPicture[];
  readonly warnings: readonly DatasetWarning[];
}

/** How a training would cut the pictures. */
export interface Cutting {
  /** Side in pixels; that of the model where not given. */
  readonly resolution?: number;
  readonly base?: string;
  readonly buckets?: boolean;
}

/** A picture's text; empty for none. */
export interface PictureCaption {
  readonly name: string;
  readonly caption: string;
}

export interface DatasetOperations {
  readonly 'datasets.list': Look<Record<never, never>, readonly DatasetSummary[]>;
  readonly 'datasets.get': Look<{ readonly id: string } & Cutting, Dataset>;
  /** An empty set, or with the pictures and texts of another one. */
  readonly 'datasets.create': Change<
    { readonly name: string; readonly className?: string; readonly copyOf?: string },
    DatasetSummary
  >;
  /** An empty class word is none. */
  readonly 'datasets.change': Change<
    { readonly id: string; readonly name?: string; readonly className?: string },
    DatasetSummary
  >;
  readonly 'datasets.remove': Change<{ readonly id: string }, null>;
  /** An empty caption removes the text. */
  readonly 'datasets.caption': Change<
    { readonly id: string; readonly name: string; readonly caption: string },
    null
  >;
  /** Several at once: all, or none where one of them is refused. */
  readonly 'datasets.captions': Change<
    { readonly id: string; readonly captions: readonly PictureCaption[] },
    null
  >;
  /** What is to stand in the middle of what is trained, in shares of width and height; null for the picture's middle. */
  readonly 'datasets.frame': Change<
    {
      readonly id: string;
      readonly name: string;
      readonly around: { readonly x: number; readonly y: number } | null;
    },
    null
  >;
  /** An uploaded picture, white where is learned; null for none. */
  readonly 'datasets.mask': Change<
    { readonly id: string; readonly name: string; readonly mask: PictureId | null },
    null
  >;
  /** It is kept aside with its text and mask until others need the room. */
  readonly 'datasets.remove-picture': Change<{ readonly id: string; readonly name: string }, null>;
  /** Brings back what was removed, under a free name. */
  readonly 'datasets.restore-picture': Change<
    { readonly id: string; readonly name: string },
    { readonly name: string }
  >;
}
