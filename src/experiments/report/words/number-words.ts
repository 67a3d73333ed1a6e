/** @file Numbers as a report prints them: a true minus sign, few digits, one unit. */

const minus = '\u2212';

/** `0.712`, `−0.004` */
export function score(value: number): string {
  return withMinus(value.toFixed(3));
}

/** `+0.021`, `−0.004` */
export function change(value: number): string {
  const text = score(value);
  return text.startsWith(minus) ? text : `+${text}`;
}

/** `0.004 to 0.040` */
export function range({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${score(low)} to ${score(high)}`;
}

/** `= 0.61`, `= 0.013`, `= 0.0005`, `< 0.0001`: what follows a p. */
export function probability(value: number): string {
  if (value < 0.0001) return '< 0.0001';
  if (value < 0.00995) return `= ${value.toFixed(4)}`;
  return `= ${value.toFixed(value < 0.0995 ? 3 : 2)}`;
}

/** `= 1.3`, `= −0.2`: what follows a d. */
export function equals(value: number): string {
  return `= ${withMinus(value.toFixed(1))}`;
}

/** `15.1k`, `3.87M`: where a whole number has no room. */
export function shortCount(value: number): string {
  if (value >= 999_500) return `${(value / 1e6).toPrecision(3)}M`;
  return value >= 999.5 ? `${(value / 1e3).toPrecision(3)}k` : String(value);
}

/** `48 s`, `3.4 min`, `2.1 h`: one unit, so that a column can be compared. */
export function seconds(value: number): string {
  if (value < 60) return `${Number(value.toPrecision(2))} s`;
  return value < 3600 ? `${(value / 60).toFixed(1)} min` : `${(value / 3600).toFixed(1)} h`;
}

/** A value of a setting: `0.0005`, `1e-5`, `true`, `a, b`. */
export function settingValue(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value;
  if (Array.isArray(value)) return value.map(settingValue).join(', ') || 'none';
  return value === undefined ? 'none' : JSON.stringify(value);
}

function withMinus(text: string): string {
  // −0.000 says more than it knows.
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text.replace('-', minus);
}
