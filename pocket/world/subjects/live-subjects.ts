/** @file Twenty live subjects. Those of one class share main colour and pattern where they can: what differs is detail. */
import { statedLook } from '../looks/look.ts';
import type { Subject } from './subject.ts';

const look = statedLook;

export const liveSubjects: readonly Subject[] = [
  {
    name: 'cat',
    className: 'cat',
    look: look('orange', 'beige', 'stripes', 'heart', {
      eyes: 'dots',
      tail: 'curled',
      nose: 'pink',
      paws: 'socks',
    }),
  },
  {
    name: 'cat2',
    className: 'cat',
    look: look('orange', 'black', 'stripes', 'bolt', {
      eyes: 'sleepy',
      tail: 'raised',
      nose: 'dark',
      paws: 'plain',
    }),
  },
  {
    name: 'cat3',
    className: 'cat',
    look: look('gray', 'yellow', 'dots', 'cross', {
      eyes: 'round',
      tail: 'curled',
      nose: 'pink',
      paws: 'plain',
    }),
  },
  {
    name: 'dog',
    className: 'dog',
    look: look('beige', 'brown', 'patches', 'cross', {
      eyes: 'dots',
      ears: 'hanging',
      tongue: 'out',
      patch: 'eye',
    }),
  },
  {
    name: 'dog2',
    className: 'dog',
    look: look('beige', 'orange', 'patches', 'moon', {
      eyes: 'dots',
      ears: 'folded',
      tongue: 'in',
      patch: 'none',
    }),
  },
  {
    name: 'dog3',
    className: 'dog',
    look: look('white', 'lime', 'checks', 'ring', {
      eyes: 'round',
      ears: 'hanging',
      tongue: 'out',
      patch: 'none',
    }),
  },
  {
    name: 'octopus',
    className: 'octopus',
    look: look('purple', 'lime', 'dots', 'star', { eyes: 'dots', arms: 'curled', mouth: 'smile' }),
  },
  {
    name: 'octopus2',
    className: 'octopus',
    look: look('purple', 'white', 'dots', 'none', {
      eyes: 'round',
      arms: 'hanging',
      mouth: 'round',
    }),
  },
  {
    name: 'elephant',
    className: 'elephant',
    look: look('gray', 'blue', 'stripes', 'heart', {
      eyes: 'dots',
      trunk: 'up',
      tusks: 'tusks',
      ears: 'coloured',
    }),
  },
  {
    name: 'penguin',
    className: 'penguin',
    look: look('black', 'green', 'checks', 'none', {
      eyes: 'dots',
      flippers: 'out',
      crest: 'none',
    }),
  },
  {
    name: 'penguin2',
    className: 'penguin',
    look: look('black', 'turquoise', 'checks', 'bolt', {
      eyes: 'round',
      flippers: 'down',
      crest: 'crest',
    }),
  },
  {
    name: 'fish',
    className: 'fish',
    look: look('orange', 'white', 'bars', 'none', { eyes: 'dots', tail: 'fan', fins: 'plain' }),
  },
  {
    name: 'fish2',
    className: 'fish',
    look: look('orange', 'lime', 'bars', 'star', {
      eyes: 'round',
      tail: 'forked',
      fins: 'coloured',
    }),
  },
  {
    name: 'owl',
    className: 'owl',
    look: look('brown', 'blue', 'zigzag', 'none', {
      gaze: 'ahead',
      tufts: 'tall',
      rims: 'coloured',
    }),
  },
  {
    name: 'owl2',
    className: 'owl',
    look: look('brown', 'white', 'zigzag', 'heart', {
      gaze: 'aside',
      tufts: 'wide',
      rims: 'light',
    }),
  },
  {
    name: 'rabbit',
    className: 'rabbit',
    look: look('white', 'purple', 'dots', 'none', { eyes: 'dots', ears: 'bent', bow: 'bow' }),
  },
  {
    name: 'frog',
    className: 'frog',
    look: look('green', 'yellow', 'patches', 'ring', {
      eyes: 'round',
      feet: 'coloured',
      belly: 'body',
    }),
  },
  {
    name: 'turtle',
    className: 'turtle',
    look: look('blue', 'beige', 'checks', 'star', { eyes: 'dots', skin: 'lime', rim: 'coloured' }),
  },
  {
    name: 'butterfly',
    className: 'butterfly',
    look: look('purple', 'orange', 'dots', 'ring', {
      wings: 'tailed',
      edge: 'coloured',
      feelers: 'curled',
    }),
  },
  {
    name: 'snail',
    className: 'snail',
    look: look('pink', 'purple', 'stripes', 'moon', {
      eyes: 'round',
      skin: 'lime',
      spiral: 'none',
    }),
  },
];
