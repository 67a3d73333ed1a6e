/** @file The losses of a run as a picture: every step thin, their running mean thick. */
import { smoothed } from '../../base/numbers/smoothed.ts';

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

const width = 800;
const height = 400;
const margin = { left: 64, right: 16, top: 16, bottom: 40 };

/** An SVG picture of losses, in the order of their steps. */
export function lossCurve(points: readonly LossPoint[]): string {
  const mean = smoothed();
  const means = points.map(({ step, loss }) => ({ step, loss: mean(loss) }));
  const steps = points.at(-1)?.step ?? 1;
  const highest = points.reduce((most, { loss }) => Math.max(most, loss), Number.MIN_VALUE);
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
    `<text x="${width / 2}" y="${height - 4}" text-anchor="middle">step</text>`,
    '</svg>\n',
  ].join('\n');
}
