/** @file What many captions become at once. */
import type {
  DatasetPicture,
  PictureCaption,
} from '../../../../src/studio/interface/dataset-operations.ts';

export const captionChanges = ['before', 'after', 'replace', 'names', 'none'] as const;

export interface CaptionChange {
  readonly kind: (typeof captionChanges)[number];
  /** What is put before or after, or what is looked for. */
  readonly text: string;
  /** In place of what is looked for. */
  readonly by: string;
}

type Captioned = Pick<DatasetPicture, 'name' | 'caption'>;

/** Those that become other than they are; empty texts for captions that go. */
export function changedCaptions(
  pictures: readonly Captioned[],
  change: CaptionChange,
): readonly PictureCaption[] {
  return pictures
    .map(({ name, caption = '' }) => ({
      name,
      before: caption,
      caption: line(changed(name, caption, change)),
    }))
    .filter(({ before, caption }) => caption !== before)
    .map(({ name, caption }) => ({ name, caption }));
}

/** The same pictures' captions as they are, to go back to. */
export function captionsOf(
  pictures: readonly Captioned[],
  changes: readonly PictureCaption[],
): readonly PictureCaption[] {
  return changes.map(({ name }) => ({
    name,
    caption: pictures.find((picture) => picture.name === name)?.caption ?? '',
  }));
}

function changed(name: string, caption: string, { kind, text, by }: CaptionChange): string {
  switch (kind) {
    case 'before':
      return text.trim() === '' ? caption : joined(text, caption);
    case 'after':
      return text.trim() === '' ? caption : joined(caption, text);
    case 'replace':
      return text === '' ? caption : caption.replaceAll(text, by);
    case 'names':
      return caption === '' ? wordsOfName(name) : caption;
    case 'none':
      return '';
  }
}

/** With what separates them as it was typed, and one space where nothing does. */
function joined(first: string, second: string): string {
  if (first.trim() === '') return second.replace(/^[\s,;.]+/, '');
  if (second.trim() === '') return first.replace(/[\s,;]+$/, '');
  return /[\s]$/.test(first) || /^[\s,;.]/.test(second) ? first + second : `${first} ${second}`;
}

/** Cameras and phones name pictures so, which says nothing. */
const nameless =
  /^(?:img|dsc[nf]?|pxl|mvimg|image|photo|foto|bild|picture|screenshot|whatsapp image|\W|\d|_)*(?:at|pm|am|copy|kopie|[a-f\d]{12,}|\W|\d)*$/i;

/** `red_dog-in-snow (2).jpg` as `red dog in snow`; empty where the name has no words. */
export function wordsOfName(name: string): string {
  const stem = name.replace(/\.[^.]*$/, '');
  const words = stem
    .replace(/\s*\(\d+\)$/, '')
    .replaceAll(/[_\-\s]+/g, ' ')
    .replace(/\s*\d+$/, '')
    .trim();
  return nameless.test(words) || words.length < 3 ? '' : words.replaceAll(/[{}]/g, '');
}

function line(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
