/** @file Damage to JSON and YAML that keeps the form: other values, lost and doubled keys, numbers out of range, encodings. */
import { mutateBytes } from './mutate-bytes.ts';
import type { Random } from './random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A number that JSON.stringify would not write: it is put in as text afterwards. */
const raw = (text: string): string => `\u0001${text}\u0001`;

const values: readonly Json[] = [
  ...[null, true, false, 0, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 53 + 2],
  ...[
    '',
    ' ',
    'NaN',
    '../../../x',
    '/absolute/x',
    'a'.repeat(300),
    '\u0000',
    '\ud800',
    '{subject}',
    '*',
  ],
  ...['__proto__', 'constructor', '1e9', 'fp16', '0x10'],
  ...[[], {}, [[]], [null], { a: { b: {} } }, [1e308, -1], ['a', 'a']],
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    '1e999',
    '-0',
    '01',
    '1e',
    '4294967296',
    '99999999999999999999',
  ].map(raw),
];

const hugeList = (random: Random): Json =>
  Array.from({ length: random.pick([100, 5000]) }, (_, i) => i);

/** Nested deeper than calls may be, in places; written as text, because JSON.stringify calls itself. */
function deep(random: Random): Json {
  const depth = random.pick([50, 3000, 100_000]);
  return raw(random.chance(0.5) ? nested('[', ']', depth) : nested('{"a":', '}', depth));
}

const nested = (open: string, close: string, depth: number): string =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;

function hostile(old: Json, random: Random): Json {
  if (random.chance(0.04)) return random.pick([hugeList, deep])(random);
  if (typeof old === 'number' && random.chance(0.5)) {
    return random.pick([
      old * 2,
      -old,
      old + 1,
      old / 3,
      old * 1e6,
      old * 1e12,
      String(old),
      [old],
    ]);
  }
  if (typeof old === 'string' && random.chance(0.3))
    return `${old}${random.pick(['x', ' ', '/..', '\n'])}`;
  // A copy: what is put in may be changed next.
  return structuredClone(random.pick(values));
}

interface JsonPlace {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: string;
}

/** Every place in a value: the list or record that holds it, and its key. */
function places(value: Json): readonly JsonPlace[] {
  const found: JsonPlace[] = [];
  const waiting = [value];
  while (waiting.length > 0) {
    const holder = waiting.pop() ?? null;
    if (holder === null || typeof holder !== 'object') continue;
    for (const [key, inner] of Object.entries(holder)) {
      found.push({ holder, key });
      waiting.push(inner);
    }
  }
  return found;
}

function changeOnce(root: { value: Json }, random: Random): void {
  const all = places(root);
  const { holder, key } = random.pick(all);
  const record = holder as { [key: string]: Json };
  const old = record[key] ?? null;
  const action = random.below(10);
  if (action < 6 || holder === root) record[key] = hostile(old, random);
  else if (action === 6) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete record[key];
  } else if (action === 7) {
    if (Array.isArray(holder)) holder.push(old);
    else record[random.pick(['extra', `${key}s`, key.toUpperCase(), ''])] = old;
  } else if (action === 8) {
    const other = random.pick(all);
    record[key] = structuredClone((other.holder as { [key: string]: Json })[other.key] ?? null);
  } else if (typeof old === 'object' && old !== null && !Array.isArray(old)) {
    record[key] = Object.values(old);
  } else record[key] = { [key]: old };
}

/** A value with one to three places changed; the given one stays as it is. */
export function mutateValue(value: unknown, random: Random): unknown {
  const root = { value: structuredClone(value) as Json };
  for (let left = 1 + random.below(3); left > 0; left--) changeOnce(root, random);
  return root.value;
}

/** The text of a value, numbers that JSON does not have included. */
export function textOf(value: unknown): string {
  return (JSON.stringify(value, null, 1) ?? '').replace(
    /"\\u0001(.*?)\\u0001"/g,
    (_, text: string) => text.replaceAll('\\"', '"'),
  );
}

const yamlTrouble = [
  '\n  *unknown',
  '\n- &a [*a]',
  '\nkey: !!js/function "x"',
  '\n\tx: 1',
  '\n---\nb: 2',
  '\n? [a]: b',
].concat(['\na: &a ["x"]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]', '\n"unclosed']);

/** How the text is damaged after the values: encodings, marks, doubled keys. */
function damageText(text: string, random: Random, isYaml: boolean): Uint8Array {
  const action = random.below(12);
  if (action === 0) return new Uint8Array(Buffer.from(`\ufeff${text}`));
  if (action === 1) return new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
  if (action === 2) return new Uint8Array(Buffer.from(text, 'utf16le'));
  if (action === 3)
    return new Uint8Array(Buffer.from(`${text.slice(0, 4)}"caf\xe9"${text.slice(4)}`, 'latin1'));
  if (action === 4) return mutateBytes(new Uint8Array(Buffer.from(text)), random);
  if (action === 5)
    return new Uint8Array(Buffer.from(text.replace(/("[\w.]+": [^,{[\n]+),/, '$1,$1,')));
  if (action === 6)
    return new Uint8Array(
      Buffer.from(
        `${text}${isYaml ? random.pick(yamlTrouble) : random.pick([',', '}', '//', '\u0000'])}`,
      ),
    );
  return new Uint8Array(Buffer.from(text));
}

/** JSON or YAML changed in what it says, sometimes also in how. */
export function mutateJson(value: unknown, random: Random, isYaml = false): Uint8Array {
  return damageText(textOf(mutateValue(value, random)), random, isYaml);
}
