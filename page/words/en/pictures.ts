/** @file Words of the screen of pictures. */
import type { Words } from '../word-types.ts';

export const pictures = {
  'pictures.title': 'Pictures',
  'pictures.lead':
    'Sets of a few pictures, each of one thing. What you add is copied; your files stay as they are.',
  'pictures.drop': 'Drop pictures of one thing here',
  'pictures.choose': 'Choose files',
  'pictures.new-name': 'New pictures',
  'pictures.own': 'Yours',
  'pictures.bundled': 'Came with krona',
  'pictures.bundled-hint': 'These pictures came with krona and stay as they are.',
  'pictures.copy': 'Make a copy to edit',
  'pictures.count': { one: '{n} picture', other: '{n} pictures' },
  'pictures.about': 'About these pictures',
  'pictures.add': 'Add',
  'pictures.train': 'Train with these',
  'pictures.more': 'More for this set',
  'pictures.empty':
    'Drop three to six pictures of one thing anywhere here, paste them, or add files.',
  'pictures.sending': 'Sending picture {done} of {total}',
  'pictures.refused': { one: 'One file was not added:', other: '{n} files were not added:' },
  'pictures.no-picture': 'is no PNG, JPEG or WebP picture. Save it as one.',
  'pictures.understood': 'All right',
  'pictures.class': 'What is it?',
  'pictures.class-hint': 'One word for its kind: dog, mug, castle.',
  'pictures.name': 'Name of the set',
  'pictures.cutting': 'As it will be trained',
  'pictures.cutting-hint': 'The framed part is what a training sees.',
  'pictures.base': 'Model',
  'pictures.side': 'Size',
  'pictures.side-native': '{side} pixels, as usual',
  'pictures.side-of': '{side} pixels',
  'pictures.keep': 'Keep proportions',
  'pictures.remove-sure': {
    one: 'The set and its picture are removed from the work folder. Files that you added it from stay.',
    other:
      'The set and its {n} pictures are removed from the work folder. Files that you added them from stay.',
  },
  'pictures.remove-set': 'Remove the set',
  'pictures.remove': 'Remove {name}',
  'pictures.removed': '{name} was removed',
  'pictures.undo': 'Undo',
  'pictures.alt': '{name}, with the part that is trained',
  'pictures.caption': 'Caption of {name}',
  'pictures.caption-none': 'No caption',
  'pictures.caption-unsaved': 'Not saved yet: {reason}',
  'pictures.warnings': { one: 'One thing to know', other: '{n} things to know' },
  'pictures.show': 'Show',
  'pictures.more-names': '{n} more',
  'pictures.previous': 'Previous picture',
  'pictures.next': 'Next picture',
  'pictures.trained-as': 'trained as {width} × {height}',
  'pictures.cut-away': '{share} cut away',
  'pictures.short.small': 'Too small',
  'pictures.short.blurred': 'Blurred',
  'pictures.short.duplicate': 'Like another one',
  'pictures.short.cut': 'Much is cut away',
  'pictures.warn.small': {
    one: '{names} is smaller than the size it is trained at. It would teach blur.',
    other: '{names} are smaller than the size they are trained at. They would teach blur.',
  },
  'pictures.warn.blurred': {
    one: '{names} is blurred. The blur would be learned, too.',
    other: '{names} are blurred. The blur would be learned, too.',
  },
  'pictures.warn.duplicates': {
    one: '{names} is nearly the same as another.',
    other: '{names} are nearly the same. One of them is enough.',
  },
  'pictures.warn.cut': {
    one: '{names} loses more than a third. Keep proportions, or crop it yourself.',
    other: '{names} lose more than a third. Keep proportions, or crop them yourself.',
  },
  'pictures.warn.background': {
    one: '{n} picture has this background.',
    other:
      '{n} pictures show the same background. It would be learned with the subject: add others.',
  },
  'pictures.warn.captions': {
    one: '{names} has no caption, where others have one.',
    other: '{names} have no captions, where others have one.',
  },
  'pictures.warn.few': {
    one: 'One picture is little to learn from. Three to six from several sides are best.',
    other: '{n} pictures are little to learn from. Three to six from several sides are best.',
  },
} as const satisfies Words;
