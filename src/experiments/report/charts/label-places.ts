/** @file Places for labels so that they do not lie on each other. */

/**
 * Heights near the wanted ones, at least `gap` apart, in the order of the wanted: neighbours that are too close share
 * the room around their middle.
 */
export function spreadOut(wanted: readonly number[], gap: number): readonly number[] {
  const order = wanted.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at);
  const clusters: { centre: number; members: number[] }[] = [];
  for (const { at, i } of order) {
    let cluster = { centre: at, members: [i] };
    for (let last = clusters.at(-1); last !== undefined; last = clusters.at(-1)) {
      const room = ((last.members.length + cluster.members.length) / 2) * gap;
      if (cluster.centre - last.centre >= room) break;
      clusters.pop();
      const [a, b] = [last.members.length, cluster.members.length];
      cluster = {
        centre: (last.centre * a + cluster.centre * b) / (a + b),
        members: [...last.members, ...cluster.members],
      };
    }
    clusters.push(cluster);
  }
  const places = [...wanted];
  for (const { centre, members } of clusters) {
    for (const [rank, i] of members.entries()) {
      places[i] = centre + (rank - (members.length - 1) / 2) * gap;
    }
  }
  return places;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a label stands from its point, in pixels, and which end of it is there. */
export interface LabelPlace {
  readonly dx: number;
  readonly dy: number;
  readonly align: 'left' | 'right' | 'center';
}

/** Beside the point first; then further away, where a line has to lead to it. */
const candidates: readonly LabelPlace[] = [
  { dx: 9, dy: 0, align: 'left' },
  { dx: -9, dy: 0, align: 'right' },
  { dx: 0, dy: -14, align: 'center' },
  { dx: 0, dy: 14, align: 'center' },
  ...[14, 28, 44, 60, 78].flatMap((distance): readonly LabelPlace[] => [
    { dx: 9 + distance / 2, dy: -distance, align: 'left' },
    { dx: 9 + distance / 2, dy: distance, align: 'left' },
    { dx: -9 - distance / 2, dy: -distance, align: 'right' },
    { dx: -9 - distance / 2, dy: distance, align: 'right' },
  ]),
];

/** What a pixel of distance costs, in covered pixels: a label goes away only from a real collision. */
const farCost = 0.6;

export interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  /** Of the label, in pixels. */
  readonly width: number;
}

/** A place beside each point, greedily: the one that covers least of the points, the labels before and the outside. */
export function placeLabels(
  points: readonly LabelledPoint[],
  size: { readonly width: number; readonly height: number },
): readonly LabelPlace[] {
  const taken: Box[] = points.map(({ x, y }) => ({ x: x - 6, y: y - 6, width: 12, height: 12 }));
  return points.map((point) => {
    const ranked = candidates.map((place) => {
      const box = boxOf(point, place);
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      const distance = farCost * Math.hypot(place.dx, place.dy);
      return { place, box, cost: covered + distance + 10 * outside(box, size) };
    });
    const best = ranked.reduce((least, one) => (one.cost < least.cost - 1e-9 ? one : least));
    taken.push(best.box);
    return best.place;
  });
}

function boxOf({ x, y, width }: LabelledPoint, { dx, dy, align }: LabelPlace): Box {
  const left = { left: 0, right: -width, center: -width / 2 }[align];
  return { x: x + dx + left, y: y + dy - 7, width, height: 14 };
}

function overlap(a: Box, b: Box): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, across) * Math.max(0, down);
}

function outside(box: Box, { width, height }: { readonly width: number; readonly height: number }) {
  return box.width * box.height - overlap(box, { x: 0, y: 0, width, height });
}
