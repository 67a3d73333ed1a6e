/** @file Twenty objects as subjects. Those of one class share main colour and pattern where they can: what differs is detail. */
import { statedLook } from '../looks/look.ts';
import type { Subject } from './subject.ts';

const look = statedLook;

export const objectSubjects: readonly Subject[] = [
  {
    name: 'teapot',
    className: 'teapot',
    look: look('blue', 'white', 'dots', 'star', { spout: 'curved', handle: 'round', knob: 'ball' }),
  },
  {
    name: 'teapot2',
    className: 'teapot',
    look: look('blue', 'beige', 'dots', 'heart', {
      spout: 'straight',
      handle: 'angular',
      knob: 'flower',
    }),
  },
  {
    name: 'teapot3',
    className: 'teapot',
    look: look('red', 'beige', 'checks', 'none', { spout: 'curved', handle: 'over', knob: 'ball' }),
  },
  {
    name: 'backpack',
    className: 'backpack',
    look: look('red', 'blue', 'band', 'star', {
      pocket: 'coloured',
      clasp: 'buckles',
      mat: 'none',
      sides: 'plain',
    }),
  },
  {
    name: 'backpack2',
    className: 'backpack',
    look: look('red', 'yellow', 'band', 'moon', {
      pocket: 'main',
      clasp: 'zip',
      mat: 'mat',
      sides: 'coloured',
    }),
  },
  {
    name: 'guitar',
    className: 'guitar',
    look: look('orange', 'turquoise', 'halves', 'none', {
      shape: 'round',
      head: 'coloured',
      guard: 'none',
    }),
  },
  {
    name: 'alarm_clock',
    className: 'alarm clock',
    look: look('turquoise', 'red', 'bars', 'none', {
      bells: 'coloured',
      dial: 'light',
      hands: 'ten',
      feet: 'balls',
    }),
  },
  {
    name: 'robot',
    className: 'robot',
    look: look('gray', 'lime', 'checks', 'heart', {
      head: 'square',
      antenna: 'two',
      arms: 'claws',
      mouth: 'grille',
    }),
  },
  {
    name: 'robot2',
    className: 'robot',
    look: look('gray', 'blue', 'checks', 'bolt', {
      head: 'round',
      antenna: 'dish',
      arms: 'balls',
      mouth: 'smile',
    }),
  },
  {
    name: 'sneaker',
    className: 'sneaker',
    look: look('white', 'pink', 'stripes', 'star', {
      height: 'high',
      sole: 'coloured',
      toe: 'cap',
    }),
  },
  {
    name: 'sneaker2',
    className: 'sneaker',
    look: look('white', 'blue', 'stripes', 'ring', {
      height: 'low',
      sole: 'coloured',
      toe: 'plain',
    }),
  },
  {
    name: 'teddy_bear',
    className: 'teddy bear',
    look: look('brown', 'beige', 'patches', 'cross', {
      bow: 'none',
      soles: 'light',
      ears: 'light',
      eyes: 'dots',
    }),
  },
  {
    name: 'teddy_bear2',
    className: 'teddy bear',
    look: look('brown', 'turquoise', 'patches', 'heart', {
      bow: 'bow',
      soles: 'coloured',
      ears: 'coloured',
      eyes: 'round',
    }),
  },
  {
    name: 'cup',
    className: 'cup',
    look: look('white', 'brown', 'zigzag', 'heart', {
      handle: 'heart',
      rim: 'coloured',
      steam: 'none',
    }),
  },
  {
    name: 'car',
    className: 'car',
    look: look('yellow', 'black', 'checks', 'heart', {
      roof: 'square',
      rims: 'light',
      rack: 'none',
    }),
  },
  {
    name: 'rocket',
    className: 'rocket',
    look: look('white', 'red', 'bars', 'star', { nose: 'pointed', fins: 'square', window: 'one' }),
  },
  {
    name: 'umbrella',
    className: 'umbrella',
    look: look('purple', 'white', 'dots', 'none', {
      handle: 'coloured',
      edge: 'scalloped',
      hem: 'none',
    }),
  },
  {
    name: 'vase',
    className: 'vase',
    look: look('blue', 'yellow', 'zigzag', 'none', { flowers: 'daisies', ears: 'handles' }),
  },
  {
    name: 'lamp',
    className: 'lamp',
    look: look('turquoise', 'beige', 'stripes', 'moon', {
      shade: 'bell',
      foot: 'ball',
      cord: 'cord',
    }),
  },
  {
    name: 'mushroom',
    className: 'mushroom',
    look: look('red', 'white', 'dots', 'diamond', { cap: 'tall', stem: 'bulb', skirt: 'skirt' }),
  },
];
