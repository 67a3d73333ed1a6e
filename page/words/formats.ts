/** @file Numbers, sizes and times in words of a language. */

export interface Formats {
  /** `1,234`, or of few digits: `0.00042`. */
  number(value: number): string;
  /** `0.0123`, of as many digits as tell something. */
  short(value: number): string;
  /** `3.8M`: where there is room for few digits, and the whole number stands elsewhere. */
  compact(value: number): string;
  /** `82 kB`; powers of 1000. */
  bytes(value: number): string;
  percent(share: number): string;
  /** `1:02`, `2:03:04`. */
  clock(seconds: number): string;
  /** `2 minutes`, rounded for people. */
  duration(seconds: number): string;
  /** Of the day: `14:31`. */
  timeOfDay(milliseconds: number): string;
  /** `2 minutes ago`. */
  ago(milliseconds: number, now: number): string;
  /** `a, b and c`. */
  list(texts: readonly string[]): string;
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function formatsOf(language: string): Formats {
  const plain = new Intl.NumberFormat(language);
  const significant = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const few = new Intl.NumberFormat(language, {
    ...{ notation: 'compact', maximumSignificantDigits: 3 },
  });
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const lists = new Intl.ListFormat(language);
  const unit = (value: number, name: string, digits: number, display: 'short' | 'long') =>
    new Intl.NumberFormat(language, {
      ...{ style: 'unit', unit: name, unitDisplay: display, maximumFractionDigits: digits },
    }).format(value);
  return {
    number: (value) => plain.format(value),
    short: (value) => significant.format(value),
    compact: (value) => few.format(value),
    bytes(value) {
      const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), byteUnits.length - 1);
      const scaled = value / 1000 ** power;
      return unit(scaled, byteUnits[power] ?? 'byte', scaled < 10 && power > 0 ? 1 : 0, 'short');
    },
    percent: (value) => share.format(value),
    clock: clockOf,
    duration(seconds) {
      const { value, name } = roundedTime(seconds);
      return unit(value, name, 0, 'long');
    },
    timeOfDay: (milliseconds) => time.format(milliseconds),
    ago(milliseconds, now) {
      const { value, name } = roundedTime(Math.max(0, now - milliseconds) / 1000);
      return relative.format(name === 'second' ? 0 : -value, name);
    },
    list: (texts) => lists.format(texts),
  };
}

function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

type TimeUnit = 'second' | 'minute' | 'hour' | 'day';
const timeUnits: readonly (readonly [TimeUnit, number])[] = [
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
];

/** In the largest unit of which there is one and a half. */
function roundedTime(seconds: number): { readonly value: number; readonly name: TimeUnit } {
  const [name, size] = timeUnits.findLast(([, size]) => seconds >= 1.5 * size) ?? ['second', 1];
  return { value: Math.max(1, Math.round(seconds / size)), name };
}
