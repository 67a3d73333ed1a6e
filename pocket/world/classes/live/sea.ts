/** @file Fish and octopus. */
import { cheeks, eye, eyeKinds, eyes, smile } from '../../drawing/faces.ts';
import { oval } from '../../drawing/outlines.ts';
import { deep, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';

export const fish: WorldClass = {
  name: 'fish',
  type: 'live',
  extent: [12, 90],
  colours: ['orange', 'yellow', 'blue', 'red', 'turquoise', 'pink'],
  parts: { eyes: ['dots', 'round'], tail: ['forked', 'fan'], fins: ['plain', 'coloured'] },
  places: {
    eyes: { x: 24, y: 46, width: 26 },
    head: { x: 36, y: 27, width: 34 },
    neck: { x: 32, y: 70, width: 32 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const fins = brush.part('fins') === 'plain' ? deep(main, 0.2) : second;
    const tail =
      brush.part('tail') === 'forked'
        ? 'M72 52L98 26C94 44 94 60 98 78Z'
        : 'M70 52C78 36 92 30 99 34C103 46 103 58 99 70C92 74 78 68 70 52Z';
    return [
      brush.flat(tail, fins),
      brush.flat('M30 32C36 12 56 10 66 18C64 26 66 32 70 38Z', fins),
      brush.flat('M42 74C46 86 56 90 64 88C62 82 64 76 66 70Z', fins),
      brush.body(
        'M2 54C10 34 26 25 44 25C62 25 74 38 82 52C74 68 62 80 44 80C26 80 10 72 2 54Z',
        [52, 52],
      ),
      // The head is free of pattern, behind a gill.
      brush.spot('M3.6 54C10 36 22 28 34 27C40 44 40 62 33 77C20 74 9 66 3.6 54Z', main),
      brush.line('M34 27C40 44 40 62 33 77', 2.2),
      brush.mark([57, 53], 9.5),
      eye(brush, 22, 46, 5.6),
      brush.spot(oval(25, 60, 4.2, 3.4), palette.pink, 0.8),
      smile(brush, 11, 58, 4.5),
    ].join('');
  },
};

export const octopus: WorldClass = {
  name: 'octopus',
  type: 'live',
  colours: ['purple', 'pink', 'red', 'orange', 'turquoise'],
  parts: { eyes: eyeKinds, arms: ['curled', 'hanging'], mouth: ['smile', 'round'] },
  places: {
    eyes: { x: 50, y: 47, width: 36 },
    head: { x: 50, y: 8, width: 40 },
    neck: { x: 50, y: 66, width: 50 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const arms =
      brush.part('arms') === 'curled'
        ? 'M30 62C24 78 12 82 5 76C1 70 8 64 12 70M70 62C76 78 88 82 95 76C99 70 92 64 88 70M38 66C38 84 30 94 22 92M62 66C62 84 70 94 78 92M50 68V90'
        : 'M28 60C20 70 16 80 7 84M72 60C80 70 84 80 93 84M36 66C34 80 30 88 26 95M64 66C66 80 70 88 74 95M45 68C46 80 44 88 44 96M56 68C55 80 56 88 57 96';
    return [
      brush.tube(arms, 8.5, main),
      brush.body(
        'M18 40C18 16 32 4 50 4C68 4 82 16 82 40C82 52 76 58 76 66C74 74 26 74 24 66C24 58 18 52 18 40Z',
        [50, 22],
      ),
      // A face free of pattern.
      brush.spot(
        'M27 46C27 38 36 35 50 35C64 35 73 38 73 46C73 60 66 67 50 67C34 67 27 60 27 46Z',
        main,
      ),
      brush.mark([50, 21], 9.5),
      eyes(brush, 50, 47, 12.5, 5),
      cheeks(brush, 50, 57, 17, 3.8),
      brush.part('mouth') === 'smile'
        ? smile(brush, 50, 56, 5.5)
        : brush.flat(oval(50, 58.5, 3.6, 4), deep(second, 0.5), 2.2),
    ].join('');
  },
};
