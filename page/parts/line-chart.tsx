/** @file Series over steps as lines, with the same numbers as a table. The only file that knows uPlot. */
import { useEffect, useRef, useState } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useWords } from '../words/use-words.tsx';
import styles from './line-chart.module.css';

export interface ChartLine {
  readonly label: string;
  readonly values: readonly number[];
  /** Thin and pale for what a bold line sums up. */
  readonly isQuiet?: boolean;
}

interface LineChartProps {
  /** What it shows, in one sentence, for who does not see it. */
  readonly label: string;
  readonly steps: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly format: (value: number) => string;
}

const height = 220;
const axisWidth = 64;
const wholeIncrements = Array.from({ length: 8 }, (_, n) =>
  [1, 2, 5].map((each) => each * 10 ** n),
).flat();
/** Of the table: enough to follow the line. */
const mostRows = 40;

export function LineChart({ label, steps, lines, format }: LineChartProps) {
  const { t } = useWords();
  const [isTable, setTable] = useState(false);
  return (
    <div className={styles.chart}>
      <Canvas label={label} steps={steps} lines={lines} format={format} />
      <details onToggle={({ currentTarget }) => setTable(currentTarget.open)}>
        <summary>{t('parts.as-table')}</summary>
        {isTable && <Table steps={steps} lines={lines} format={format} />}
      </details>
    </div>
  );
}

function Canvas({ label, steps, lines, format }: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  const { t } = useWords();
  const kinds = lines.map((line) => `${line.isQuiet} ${line.label}`).join('|');
  const formatted = useRef(format);
  formatted.current = format;
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for other lines, not for other values
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = new UPlot(
      optionsOf(element, t('parts.step'), lines, (value) => formatted.current(value)),
      dataOf(steps, lines),
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => made.redraw();
    dark.addEventListener('change', redraw);
    return () => {
      dark.removeEventListener('change', redraw);
      observer.disconnect();
      made.destroy();
    };
  }, [kinds]);
  useEffect(() => {
    chart.current?.setData(dataOf(steps, lines));
  }, [steps, lines]);
  return <div ref={place} role="img" aria-label={label} className={styles.canvas} />;
}

function dataOf(steps: readonly number[], lines: readonly ChartLine[]): UPlot.AlignedData {
  return [[...steps], ...lines.map(({ values }) => [...values])];
}

/** A token's colour as a canvas understands it, in the light of the moment. */
function colourOf(element: HTMLElement, token: string): string {
  element.style.color = `var(${token})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}

function optionsOf(
  element: HTMLElement,
  step: string,
  lines: readonly ChartLine[],
  format: (value: number) => string,
): UPlot.Options {
  const colour = (token: string) => () => colourOf(element, token);
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  const axis = { font, stroke: colour('--text-quiet'), ticks: { show: false } };
  const grid = { stroke: colour('--line'), width: 1 };
  return {
    ...{ width: element.clientWidth, height, padding: [8, 20, 0, 0] },
    cursor: { drag: { x: true, y: false }, points: { size: 6 } },
    legend: { show: true, live: true, markers: { show: false } },
    scales: { x: { time: false } },
    axes: [
      // There is no half a step.
      { ...axis, grid: { show: false }, size: 32, incrs: wholeIncrements },
      { ...axis, grid, size: axisWidth, values: (_, values) => values.map(format) },
    ],
    series: [
      { label: step },
      ...lines.map(({ label, isQuiet = false }) => ({
        ...{ label, points: { show: false }, width: isQuiet ? 1 : 2 },
        stroke: colour(isQuiet ? '--text-quiet' : '--accent'),
        ...(isQuiet ? { alpha: 0.4 } : {}),
        value: (_: UPlot, value: number | null) => (value === null ? '' : format(value)),
      })),
    ],
  };
}

function Table({ steps, lines, format }: Omit<LineChartProps, 'label'>) {
  const { t } = useWords();
  const stride = Math.max(1, Math.ceil(steps.length / mostRows));
  const rows = steps.flatMap((step, n) =>
    n % stride === 0 || n === steps.length - 1 ? [{ step, n }] : [],
  );
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('parts.step')}</th>
          {lines.map(({ label }) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ step, n }) => (
          <tr key={step}>
            <th scope="row">{step}</th>
            {lines.map(({ label, values }) => (
              <td key={label}>{format(values[n] ?? 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
