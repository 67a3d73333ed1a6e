/** @file The losses of a rising learning rate as a picture: every step thin, their smoothed curve thick, what it suggests marked. */
import { lastOf, required } from '../../base/required.ts';
import { type RatePoint, smoothedLosses, suggestedRates } from './suggested-rate.ts';

const width = 800;
const height = 400;
const margin = { left: 64, right: 16, top: 32, bottom: 40 };

/** An SVG picture of losses over the logarithm of the rate, from 0 to a little above the loss at first. */
export function rateCurve(points: readonly RatePoint[]): string {
  const logarithm = (rate: number) => Math.log10(rate);
  const from = logarithm(required(points, 0).learningRate);
  const to = logarithm(lastOf(points).learningRate);
  const losses = points.map(({ loss }) => loss).filter(Number.isFinite);
  const highest = 1.5 * required(losses, 0);
  const lowest = 0.9 * Math.min(...losses);
  const x = (rate: number) =>
    margin.left + ((logarithm(rate) - from) / (to - from)) * (width - margin.left - margin.right);
  const y = (loss: number) => {
    const share = (Math.min(loss, highest) - lowest) / (highest - lowest);
    return height - margin.bottom - share * (height - margin.top - margin.bottom);
  };
  const smooth = smoothedLosses(points);
  const line = (of: readonly number[]) =>
    points
      .map(({ learningRate }, i) => [x(learningRate), y(required(of, i))])
      .map((at) => at.map((value) => value.toFixed(1)).join(','))
      .join(' ');
  const decades = Array.from(
    { length: Math.floor(to) - Math.ceil(from) + 1 },
    (_, i) => Math.ceil(from) + i,
  );
  const shares = [0, 0.25, 0.5, 0.75, 1].map((share) => lowest + share * (highest - lowest));
  const found = suggestedRates(points);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<title>Loss over a rising learning rate</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...shares.flatMap((loss) => [
      `<path d="M${margin.left} ${y(loss).toFixed(1)}H${width - margin.right}" stroke="#ddd"/>`,
      `<text x="${margin.left - 8}" y="${(y(loss) + 4).toFixed(1)}" text-anchor="end">${loss.toPrecision(3)}</text>`,
    ]),
    ...decades.map(
      (exponent) =>
        `<text x="${x(10 ** exponent).toFixed(1)}" y="${height - 20}" text-anchor="middle">1e${exponent}</text>`,
    ),
    `<polyline points="${line(points.map(({ loss }) => loss))}" fill="none" stroke="#9bb8d3" stroke-width="1"/>`,
    `<polyline points="${line(smooth)}" fill="none" stroke="#1f5f99" stroke-width="2"/>`,
    ...(found === undefined
      ? []
      : [
          mark(x(Math.max(found.tenthOfMinimum, 10 ** from)), 'suggested', '#b4581f'),
          mark(x(found.minimum), 'least', '#666'),
        ]),
    `<text x="${width / 2}" y="${height - 4}" text-anchor="middle">learning rate</text>`,
    '</svg>\n',
  ].join('\n');
}

function mark(at: number, text: string, colour: string): string {
  const x = at.toFixed(1);
  return `<path d="M${x} ${margin.top}V${height - margin.bottom}" stroke="${colour}" stroke-dasharray="4 4"/><text x="${x}" y="${margin.top - 8}" text-anchor="middle" fill="${colour}">${text}</text>`;
}
