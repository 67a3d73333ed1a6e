/** @file Numbers and lists as people read them. */

/** `3,874,560` */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US');
}

/** `15.5 MB`, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

const operationUnits = ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP', 'PFLOP', 'EFLOP', 'ZFLOP'];

/** `4.10 PFLOP`: floating-point operations. */
export function formatOperations(count: number): string {
  const last = operationUnits.length - 1;
  const step = count < 1 ? 0 : Math.min(last, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** step).toPrecision(3)} ${operationUnits[step]}`;
}

/** `48 s`, `3 min 20 s` or `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `0.151 %` */
export function formatShare(share: number): string {
  return `${(100 * share).toPrecision(3)} %`;
}

/** `128 sites`, `1 site` */
export function formatPlural(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `site 3 of 128` */
export function formatPosition(noun: string, number: number, total: number): string {
  return `${noun} ${formatCount(number)} of ${formatCount(total)}`;
}

/** Few digits, without the noise of binary fractions: `0.003`, `1.00e-4`. */
export function formatSmall(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

/** `0.25 to 0.99`, or `1` where that is all there is. */
export function formatRange(least: number, most: number): string {
  return least === most ? String(least) : `${least} to ${most}`;
}

/** The first names of many: `a, b, c and 4 more`. */
export function firstNames(names: readonly string[], limit = 3): string {
  const more = names.length > limit ? ` and ${formatCount(names.length - limit)} more` : '';
  return `${names.slice(0, limit).join(', ')}${more}`;
}
