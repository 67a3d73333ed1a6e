/** @file The losses of a run as a picture: every step thin, their running mean thick, and those on held-out pictures. */
import { smoothed } from '../../base/numbers/smoothed.ts';

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

const width = 800;
const height = 400;
const heldOutColour = '#b4581f';
const margin = { left: 64, right: 16, top: 16, bottom: 40 };

/** A loss on held-out pictures, beside that of the base model. */
export interface HeldOutPoint extends LossPoint {
  readonly baseLoss: number;
}

/** An SVG picture of losses, in the order of their steps. */
export function lossCurve(
  points: readonly LossPoint[],
  heldOut: readonly HeldOutPoint[] = [],
): string {
  const mean = smoothed();
  const means = points.map(({ step, loss }) => ({ step, loss: mean(loss) }));
  const steps = points.at(-1)?.step ?? 1;
  const highest = [
    ...points,
    ...heldOut,
    ...heldOut.map(({ baseLoss: loss }) => ({ loss })),
  ].reduce((most, { loss }) => Math.max(most, loss), Number.MIN_VALUE);
  const x = (step: number) => margin.left + (step / steps) * (width - margin.left - margin.right);
  const y = (loss: number) =>
    height - margin.bottom - (loss / highest) * (height - margin.top - margin.bottom);
  const line = (of: readonly LossPoint[]) =>
    of.map(({ step, loss }) => `${x(step).toFixed(1)},${y(loss).toFixed(1)}`).join(' ');
  const marks = [0, 0.25, 0.5, 0.75, 1];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<title>Loss over ${steps} steps</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...marks.flatMap((share) => [
      `<path d="M${x(0)} ${y(share * highest)}H${x(steps)}" stroke="#ddd"/>`,
      `<text x="${margin.left - 8}" y="${y(share * highest) + 4}" text-anchor="end">${(share * highest).toPrecision(3)}</text>`,
      `<text x="${x(share * steps)}" y="${height - 20}" text-anchor="middle">${Math.round(share * steps)}</text>`,
    ]),
    `<polyline points="${line(points)}" fill="none" stroke="#9bb8d3" stroke-width="1"/>`,
    `<polyline points="${line(means)}" fill="none" stroke="#1f5f99" stroke-width="2"/>`,
    ...heldOutLines(heldOut, { x, y, line }),
    `<text x="${width / 2}" y="${height - 4}" text-anchor="middle">step</text>`,
    '</svg>\n',
  ].join('\n');
}

interface Axes {
  readonly x: (step: number) => number;
  readonly y: (loss: number) => number;
  readonly line: (points: readonly LossPoint[]) => string;
}

/** The held-out loss at every measurement, and the base's as a dashed line. */
function heldOutLines(points: readonly HeldOutPoint[], { x, y, line }: Axes): readonly string[] {
  const last = points.at(-1);
  if (last === undefined) return [];
  const base = y(last.baseLoss).toFixed(1);
  const legend = (at: number, fill: string, text: string) =>
    `<text x="${width - margin.right}" y="${margin.top + at}" text-anchor="end" fill="${fill}">${text}</text>`;
  return [
    `<path d="M${x(0)} ${base}H${width - margin.right}" stroke="${heldOutColour}" stroke-dasharray="4 4"/>`,
    `<polyline points="${line(points)}" fill="none" stroke="${heldOutColour}" stroke-width="2"/>`,
    ...points.map(
      ({ step, loss }) =>
        `<circle cx="${x(step).toFixed(1)}" cy="${y(loss).toFixed(1)}" r="3" fill="${heldOutColour}"/>`,
    ),
    legend(12, '#1f5f99', 'trained on, running mean'),
    legend(28, heldOutColour, 'held out; dashed: the base model'),
  ];
}
