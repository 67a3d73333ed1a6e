/** @file Teapot, cup and vase. */
import { mirrored, oval } from '../../drawing/outlines.ts';
import { cream, deep, pale, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';

export const teapot: WorldClass = {
  name: 'teapot',
  type: 'object',
  extent: [14, 96],
  colours: ['blue', 'white', 'green', 'red', 'turquoise', 'beige', 'pink', 'yellow'],
  parts: {
    spout: ['curved', 'straight'],
    handle: ['round', 'angular', 'over'],
    knob: ['ball', 'flat', 'flower'],
  },
  places: { eyes: { x: 51, y: 52, width: 44 }, head: { x: 50, y: 30, width: 36 } },
  draw: (brush) => {
    const { main, second } = brush;
    const handle =
      {
        round: 'M74 48C94 36 102 56 92 68C88 74 80 76 74 74',
        angular: 'M74 46H95V62L78 78',
        over: 'M30 44C22 4 78 4 70 44',
      }[brush.part('handle')] ?? '';
    const spout =
      brush.part('spout') === 'curved'
        ? 'M32 76C14 76 16 56 12 48C10 44 4 44 2 42L8 32C18 34 22 40 24 48L34 52Z'
        : 'M34 80L2 44L10 34L34 52Z';
    const knob = {
      ball: brush.solid(oval(50, 22, 6.5), second),
      flat: brush.flat('M40 18H60V25H40Z', second),
      flower:
        brush.flat(oval(43, 22, 4.6) + oval(57, 22, 4.6) + oval(50, 16, 4.6), second, 2.4) +
        brush.spot(oval(50, 22, 5), palette.yellow),
    }[brush.part('knob')];
    return [
      brush.tube(handle, 6.5, second),
      brush.solid(spout, main),
      brush.flat('M36 88H66V95H36Z', deep(main, 0.25)),
      brush.body(
        'M20 62C20 42 34 34 51 34C68 34 82 42 82 62C82 82 68 91 51 91C34 91 20 82 20 62Z',
        [51, 62],
      ),
      knob ?? '',
      brush.solid('M32 38C34 28 42 25 51 25C60 25 68 28 70 38C62 42 40 42 32 38Z', main),
      brush.mark([51, 64], 12),
    ].join('');
  },
};

export const cup: WorldClass = {
  name: 'cup',
  type: 'object',
  extent: [16, 96],
  colours: ['white', 'red', 'blue', 'yellow', 'green', 'pink', 'turquoise'],
  parts: {
    handle: ['round', 'square', 'heart'],
    rim: ['plain', 'coloured'],
    steam: ['steam', 'none'],
  },
  places: { eyes: { x: 42, y: 52, width: 44 } },
  draw: (brush) => {
    const { main, second } = brush;
    const handle =
      {
        round: 'M72 46C98 40 98 78 70 74',
        square: 'M72 46H92V74H70',
        heart: 'M73 50C76 34 98 38 94 54C92 66 82 72 71 78',
      }[brush.part('handle')] ?? '';
    return [
      brush.part('steam') === 'steam'
        ? brush.line('M32 20C26 14 38 8 32 1M52 20C46 14 58 8 52 1', 4.5, palette.gray)
        : '',
      brush.tube(handle, 7, brush.part('rim') === 'coloured' ? second : main),
      brush.body('M10 34H76L72 84C71 93 64 96 56 96H30C22 96 15 93 14 84Z', [43, 64]),
      brush.mark([43, 66], 13),
      brush.flat(oval(43, 33, 34, 9), brush.part('rim') === 'coloured' ? second : pale(main, 0.3)),
      brush.flat(oval(43, 34, 26, 5), palette.brown, 2),
    ].join('');
  },
};

export const vase: WorldClass = {
  name: 'vase',
  type: 'object',
  colours: ['blue', 'white', 'turquoise', 'green', 'purple', 'beige', 'red'],
  parts: { flowers: ['tulips', 'daisies', 'twigs'], ears: ['none', 'handles'] },
  places: { eyes: { x: 50, y: 68, width: 40 }, neck: { x: 50, y: 48, width: 24 } },
  draw: (brush) => {
    const { second } = brush;
    const tulip = (x: number, y: number): string =>
      brush.flat(
        `M${x - 7} ${y - 7}L${x - 3.5} ${y - 3}L${x} ${y - 8}L${x + 3.5} ${y - 3}L${x + 7} ${y - 7}V${y + 2}C${x + 6} ${y + 8} ${x - 6} ${y + 8} ${x - 7} ${y + 2}Z`,
        second,
        2.4,
      );
    const daisy = (x: number, y: number): string =>
      brush.flat(oval(x, y, 8), cream, 2.4) + brush.spot(oval(x, y, 4), second);
    const stems = 'M50 44V14M47 44C44 32 38 26 30 22M53 44C56 32 62 26 70 22';
    const leaf = brush.tube(stems, 3, deep(palette.green, 0.1));
    const flowers = {
      tulips: tulip(29, 19) + tulip(71, 19) + tulip(50, 10),
      daisies: daisy(28, 19) + daisy(72, 19) + daisy(50, 10),
      twigs: brush.flat(
        oval(30, 20, 8.5, 5) + oval(70, 20, 8.5, 5) + oval(50, 9, 5, 8.5),
        palette.green,
        2.4,
      ),
    }[brush.part('flowers')];
    const handle = 'M36 50C14 48 16 66 28 68';
    return [
      leaf + (flowers ?? ''),
      brush.part('ears') === 'handles'
        ? brush.tube(handle, 5, second) + brush.tube(mirrored(handle), 5, second)
        : '',
      brush.body(
        'M36 42H64C62 50 62 52 68 56C82 64 82 82 66 97H34C18 82 18 64 32 56C38 52 38 50 36 42Z',
        [50, 74],
      ),
      brush.flat('M32 38H68V45H32Z', second),
      brush.mark([50, 75], 11.5),
    ].join('');
  },
};
