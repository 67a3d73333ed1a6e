/** @file A comparison in the address, whole: to be reloaded, kept and sent to others. */
import type {
  Axis,
  ComparisonRequest,
} from '../../../../src/studio/interface/comparison-operations.ts';
import type { UsedAdapter } from '../../../../src/studio/interface/drawing-operations.ts';
import type { Settings } from '../../../../src/studio/interface/operation-shapes.ts';

/** What an address says; what it leaves out is as usual. */
export interface AskedComparison {
  readonly x?: AskedAxis;
  readonly y?: AskedAxis;
  readonly z?: AskedAxis;
  readonly run?: string;
  readonly base?: string;
  readonly adapters: readonly UsedAdapter[];
  readonly settings?: Settings;
}

export interface AskedAxis {
  readonly name: string;
  /** Undefined where the usual ones are meant. */
  readonly values: Axis['values'] | undefined;
}

const axes = ['x', 'y', 'z'] as const;

/** `x=checkpoint&xs=[0,100]&y=prompt&ys=["a dog"]&run=ID&with=ID=0.5&settings={"steps":20}`, percent-encoded. */
export function addressOf(request: ComparisonRequest): string {
  const { run, shared } = request;
  const query = new URLSearchParams();
  for (const axis of axes) {
    const { name, values } = request[axis] ?? {};
    if (name === undefined) continue;
    query.set(axis, name);
    query.set(`${axis}s`, JSON.stringify(values));
  }
  if (run !== undefined) query.set('run', run);
  if (shared.base !== undefined) query.set('base', shared.base);
  for (const { id, strength } of shared.adapters) query.append('with', `${id}=${strength}`);
  query.set('settings', JSON.stringify(shared.settings));
  return `/compare?${query}`;
}

/** What is not as it should be counts as left out: an address may come from anywhere. */
export function askedIn(search: string): AskedComparison {
  const query = new URLSearchParams(search);
  const text = (name: string) => query.get(name) || undefined;
  const asked = Object.fromEntries(
    axes.flatMap((axis) => {
      const name = text(axis);
      return name === undefined ? [] : [[axis, { name, values: valuesIn(text(`${axis}s`)) }]];
    }),
  );
  const settings = objectIn(text('settings'));
  const [run, base] = [text('run'), text('base')];
  return {
    ...asked,
    ...(run !== undefined && { run }),
    ...(base !== undefined && { base }),
    ...(settings !== undefined && { settings }),
    adapters: query.getAll('with').map((part) => {
      const at = part.lastIndexOf('=');
      const strength = at === -1 ? Number.NaN : Number(part.slice(at + 1));
      return Number.isFinite(strength)
        ? { id: part.slice(0, at), strength }
        : { id: part, strength: 1 };
    }),
  };
}

function valuesIn(text: string | undefined): Axis['values'] | undefined {
  const found = parsed(text);
  const isValue = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  return Array.isArray(found) && found.every(isValue) ? found : undefined;
}

function objectIn(text: string | undefined): Settings | undefined {
  const found = parsed(text);
  const isObject = typeof found === 'object' && found !== null && !Array.isArray(found);
  return isObject ? (found as Settings) : undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
