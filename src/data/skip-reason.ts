/** @file Why a file beside pictures is none of them, and what to do about it. */
import { extname } from '../platform/paths.ts';
import { metadataFile } from './captions/metadata-captions.ts';
import { maskedStem } from './masks/masked-stem.ts';

const pictureExtensions = [
  ...['.jpg', '.jpeg', '.jpe', '.jfif'],
  ...['.png', '.webp', '.gif', '.tif', '.tiff', '.avif', '.heic', '.heif'],
];

/** Texts that training takes for the caption of the picture of the same name, the first that is there. */
export const captionExtensions = ['.txt', '.caption'];

/** Pictures that the decoder does not know. */
const otherPictures = [
  ...['.bmp', '.jxl', '.jp2', '.psd', '.svg', '.tga', '.exr', '.ppm', '.ico'],
  ...['.dng', '.raw', '.cr2', '.cr3', '.nef', '.arw'],
];

/** Files that systems leave behind in folders of pictures. */
const systemFiles = ['thumbs.db', 'desktop.ini', 'ehthumbs.db'];

/** Lists of captions as data sets of the Hugging Face hub and kohya's scripts have them. */
const captionList = /^meta(?:data|_.*)?\.(?:jsonl|json|csv|parquet)$/i;

/** OneTrainer's: what its conditioning sees of `dog1.jpg`. */
const conditioning = /-condlabel$/i;

/** A picture's name without its extension. */
export function stemOf(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

/** Whether a file is a picture by its name, whatever else its name may say. */
export function isPictureName(name: string): boolean {
  return pictureExtensions.includes(extname(name).toLowerCase()) && !name.startsWith('.');
}

/** Why something is none of the pictures, in words, and what it is to those who know more of the folder. */
export interface SkipReason {
  readonly kind: 'folder' | 'mask' | 'caption' | 'caption list' | 'other';
  readonly reason: string;
}

/**
 * Why a file is not one of the pictures; undefined where it is.
 *
 * @param stems of all pictures of the folder
 */
export function reasonToSkip(name: string, stems: ReadonlySet<string>): SkipReason | undefined {
  if (name.startsWith('.')) return other('a hidden file');
  if (systemFiles.includes(name.toLowerCase())) return other('a file of the operating system');
  return isPictureName(name) ? companionReason(name, stems) : textReason(name);
}

const other = (reason: string): SkipReason => ({ kind: 'other', reason });

/** A picture that only belongs to another one. */
function companionReason(name: string, stems: ReadonlySet<string>): SkipReason | undefined {
  const stem = stemOf(name);
  if (conditioning.test(stem)) {
    return other('by its name a conditioning picture, which is not read');
  }
  if (maskedStem(stem, stems) === undefined) return undefined;
  const reason = 'by its name a mask, which only a training reads that asks for masks';
  return { kind: 'mask', reason };
}

function textReason(name: string): SkipReason {
  if (captionExtensions.includes(extname(name).toLowerCase())) {
    const reason = 'a text; it is read as a caption where captions are asked for';
    return { kind: 'caption', reason };
  }
  if (name !== metadataFile) return other(otherReason(name));
  const reason = 'a list of captions; it is read where captions are asked for';
  return { kind: 'caption list', reason };
}

function otherReason(name: string): string {
  const extension = extname(name).toLowerCase();
  if (captionList.test(name)) {
    return 'a list of captions, which is not read; write metadata.jsonl, or dog1.txt beside dog1.jpg, and so on';
  }
  if (otherPictures.includes(extension)) {
    return `${extension} is not read; convert it to .jpg, .png or .webp`;
  }
  return extension === ''
    ? 'no extension; pictures end in .jpg, .png, .webp, .gif, .tif, .avif or .heic'
    : `no picture, by its extension ${extension}`;
}
