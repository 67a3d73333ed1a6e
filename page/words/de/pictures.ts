/** @file German words of the screen of pictures. */
import type { pictures as english } from '../en/pictures.ts';
import type { Translation } from '../word-types.ts';

export const pictures: Translation<typeof english> = {
  'pictures.title': 'Bilder',
  'pictures.by-command': 'Bildersätze entstehen einstweilen auf der Startseite: dort ablegen.',
};
