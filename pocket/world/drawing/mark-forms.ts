/** @file Marks as outlines about a place. */
import type { Mark } from '../looks/look.ts';
import { numbers, oval, type Point, polygon, star } from './outlines.ts';

/** The outline of a mark; a ring is two circles, to be filled by the even-odd rule. @param r half its size */
export function markForm(mark: Exclude<Mark, 'none'>, [x, y]: Point, r: number): string {
  const at = (dx: number, dy: number): string => numbers(x + dx * r, y + dy * r);
  switch (mark) {
    case 'star':
      return star(x, y, 1.15 * r, 5, 0.45);
    case 'heart':
      return [
        `M${at(0, 1)}C${at(-1.5, -0.1)} ${at(-0.9, -1.2)} ${at(0, -0.45)}`,
        `C${at(0.9, -1.2)} ${at(1.5, -0.1)} ${at(0, 1)}Z`,
      ].join('');
    case 'ring':
      return oval(x, y, r) + oval(x, y, 0.48 * r);
    case 'cross': {
      const half = 0.34;
      const corners = [
        ...[
          [-half, -1],
          [half, -1],
          [half, -half],
          [1, -half],
          [1, half],
          [half, half],
        ],
        ...[
          [half, 1],
          [-half, 1],
          [-half, half],
          [-1, half],
          [-1, -half],
          [-half, -half],
        ],
      ] as const;
      return `M${corners.map(([dx, dy]) => at(dx ?? 0, dy ?? 0)).join('L')}Z`;
    }
    case 'moon':
      return `M${at(0.35, -1)}A${numbers(r, r)} 0 1 0 ${at(0.35, 1)}A${numbers(1.15 * r, 1.15 * r)} 0 0 1 ${at(0.35, -1)}Z`;
    case 'bolt':
      return `M${at(0.25, -1.15)}L${at(-0.75, 0.2)}L${at(-0.1, 0.2)}L${at(-0.3, 1.15)}L${at(0.75, -0.3)}L${at(0.1, -0.3)}Z`;
    case 'diamond':
      return polygon([x, y - 1.1 * r], [x + 0.85 * r, y], [x, y + 1.1 * r], [x - 0.85 * r, y]);
  }
}
