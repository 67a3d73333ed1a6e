/** @file Alarm clock, lamp, cactus and mushroom. */
import { box, oval } from '../../drawing/outlines.ts';
import { cream, deep, pale, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';

export const alarmClock: WorldClass = {
  name: 'alarm clock',
  type: 'object',
  colours: ['red', 'blue', 'turquoise', 'yellow', 'pink', 'green', 'black'],
  parts: {
    bells: ['coloured', 'golden'],
    dial: ['light', 'tinted'],
    hands: ['ten', 'two', 'noon'],
    feet: ['balls', 'pegs'],
  },
  places: { eyes: { x: 50, y: 50, width: 46 } },
  draw: (brush) => {
    const { main, second } = brush;
    const bell = brush.part('bells') === 'coloured' ? second : palette.yellow;
    const dial = brush.part('dial') === 'light' ? cream : pale(second, 0.6);
    const hands =
      {
        ten: 'M50 55L37 46M50 55L62 38',
        two: 'M50 55L64 47M50 55V35',
        noon: 'M50 55V43M50 55L34 55',
      }[brush.part('hands')] ?? '';
    const feet =
      brush.part('feet') === 'balls'
        ? brush.flat(oval(25, 92, 7) + oval(75, 92, 7), main)
        : brush.line('M30 84L20 97M70 84L80 97', 8) +
          brush.line('M30 84L21 96M70 84L79 96', 3, bell);
    return [
      feet,
      brush.line('M50 16V6M43 5H57', 4.5),
      brush.solid('M11 36C4 22 14 6 30 8C36 10 40 14 41 18Z', bell),
      brush.solid('M89 36C96 22 86 6 70 8C64 10 60 14 59 18Z', bell),
      brush.body(oval(50, 55, 40), [50, 55]),
      brush.flat(oval(50, 55, 27), dial),
      brush.line('M28 55H30M70 55H72M50 33V34', 3),
      brush.mark([50, 68], 7.4, dial),
      brush.line(hands, 4),
      brush.spot(oval(50, 55, 3), palette.red),
    ].join('');
  },
};

export const lamp: WorldClass = {
  name: 'lamp',
  type: 'object',
  colours: ['yellow', 'red', 'turquoise', 'white', 'purple', 'green', 'orange'],
  parts: {
    shade: ['cone', 'bell', 'drum'],
    foot: ['ball', 'column', 'bottle'],
    cord: ['cord', 'none'],
  },
  places: { eyes: { x: 50, y: 29, width: 40 }, neck: { x: 50, y: 56, width: 22 } },
  draw: (brush) => {
    const { second } = brush;
    const shade =
      {
        cone: 'M34 4H66L86 50H14Z',
        bell: 'M40 4H60C64 24 74 40 90 50H10C26 40 36 24 40 4Z',
        drum: 'M18 6H82L86 50H14Z',
      }[brush.part('shade')] ?? '';
    const foot = {
      ball: brush.solid(oval(50, 74, 15, 13), second),
      column: brush.solid(box(44, 52, 12, 36, 2), second),
      bottle: brush.solid('M45 52H55V60C66 66 66 82 62 90H38C34 82 34 66 45 60Z', second),
    }[brush.part('foot')];
    return [
      brush.line('M50 46V90', 7),
      foot ?? '',
      brush.flat(box(30, 88, 40, 9, 4), deep(second, 0.3)),
      brush.part('cord') === 'cord'
        ? brush.line('M72 48V64', 2.4) + brush.flat(oval(72, 67, 3.4), palette.yellow, 2)
        : '',
      brush.body(shade, [50, 29]),
      brush.mark([50, 29], 11),
    ].join('');
  },
};

export const cactus: WorldClass = {
  name: 'cactus',
  type: 'object',
  colours: ['green', 'lime', 'turquoise'],
  parts: {
    arms: ['two', 'left', 'right'],
    flower: ['pink', 'yellow', 'none'],
    pot: ['coloured', 'brown'],
  },
  places: { eyes: { x: 50, y: 30, width: 34 }, head: { x: 50, y: 9, width: 32 } },
  draw: (brush) => {
    const { main, second } = brush;
    const arms = brush.part('arms');
    const flower = { pink: palette.pink, yellow: palette.yellow }[brush.part('flower')];
    return [
      arms === 'right' ? '' : brush.tube('M42 56H24C18 56 16 52 16 46V34', 11, main),
      arms === 'left' ? '' : brush.tube('M58 48H76C82 48 84 44 84 38V24', 11, main),
      brush.body('M34 78V22C34 -2 66 -2 66 22V78Z', [50, 36]),
      flower === undefined
        ? ''
        : brush.flat(oval(44, 5, 4.6) + oval(56, 5, 4.6) + oval(50, 0, 4.6), flower, 2.2) +
          brush.spot(oval(50, 5, 3.4), palette.orange),
      brush.mark([50, 36], 10),
      brush.solid(
        'M26 72H74L69 98H31Z',
        brush.part('pot') === 'brown' ? deep(palette.orange, 0.2) : second,
      ),
      brush.flat(
        box(22, 66, 56, 10, 2),
        brush.part('pot') === 'brown' ? deep(palette.orange, 0.1) : second,
      ),
    ].join('');
  },
};

export const mushroom: WorldClass = {
  name: 'mushroom',
  type: 'object',
  colours: ['red', 'brown', 'orange', 'purple', 'beige', 'pink'],
  parts: { cap: ['round', 'tall', 'flat'], stem: ['straight', 'bulb'], skirt: ['skirt', 'none'] },
  places: { eyes: { x: 50, y: 74, width: 30 } },
  draw: (brush) => {
    const cap =
      {
        round: 'M4 54C4 24 24 6 50 6C76 6 96 24 96 54C84 62 16 62 4 54Z',
        tall: 'M14 58C14 24 28 2 50 2C72 2 86 24 86 58C76 66 24 66 14 58Z',
        flat: 'M0 50C2 28 24 20 50 20C76 20 98 28 100 50C88 60 12 60 0 50Z',
      }[brush.part('cap')] ?? '';
    const stem =
      brush.part('stem') === 'straight'
        ? 'M36 54H64L67 92C66 98 34 98 33 92Z'
        : 'M38 54H62C62 66 74 78 72 88C70 98 30 98 28 88C26 78 38 66 38 54Z';
    return [
      brush.solid(stem, cream),
      brush.part('skirt') === 'skirt'
        ? brush.flat(
            'M34 64H66L72 74Q66 70 61 75Q56 70 50 75Q44 70 39 75Q34 70 28 74Z',
            pale(palette.beige, 0.3),
            2.4,
          )
        : '',
      brush.body(cap, [50, 36]),
      brush.mark([50, 37], 11.5),
    ].join('');
  },
};
