/** @file What a schema refuses, in words: where it is, what was expected, what was found. */
import * as z from 'zod';
import { didYouMean } from '../nearest.ts';
import { firstNames } from '../quantities.ts';
import { shortened } from './shortened.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Problems that are named; the rest are counted. */
const named = 5;

/**
 * The problems of a value: `title: expected text, found nothing; seeds[0]: expected a number of at least 0, found -1`.
 *
 * @param error what `schema` said of `value`
 */
export function schemaProblems(
  schema: z.core.$ZodType,
  value: unknown,
  error: z.core.$ZodError,
): string {
  const problems = error.issues.flatMap((issue) => described(issue, { schema, value }, []));
  const more = problems.length - named;
  return `${problems.slice(0, named).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

interface Checked {
  readonly schema: z.core.$ZodType;
  readonly value: unknown;
}

function described(issue: Issue, whole: Checked, above: Path): readonly string[] {
  const path = [...above, ...issue.path];
  const found = valueAt(whole.value, path);
  const place = path.length === 0 ? '' : `${z.core.toDotPath(path)}: `;
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The member that the value was meant for is the one whose kind it has.
    const meant = issue.errors.find((issues) => issues.every((each) => !isOfOtherKind(each)));
    if (meant !== undefined) return meant.flatMap((each) => described(each, whole, path));
  }
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(shapeAt(whole, path) ?? {});
    const listed = known.length === 0 ? '' : ` (there are ${known.join(', ')})`;
    return issue.keys.map(
      (key) => `${place}there is no "${key}"${didYouMean(key, known)}${listed}`,
    );
  }
  const own = ownWords(issue, found);
  if (own !== undefined) return [place + own];
  const expected = expectedBy(issue);
  if (expected === undefined) return [`${place}${issue.message}, found ${shown(found)}`];
  const near =
    issue.code === 'invalid_value' && typeof found === 'string'
      ? didYouMean(
          found,
          issue.values.filter((each) => typeof each === 'string'),
        )
      : '';
  return [`${place}expected ${expected}, found ${shown(found)}${near}`];
}

/** The message that a schema of ours gives itself; undefined where it is the parser's. */
function ownWords(issue: Issue, input: unknown): string | undefined {
  if (issue.code === 'custom') return issue.message;
  // The parser's own message of the issue, which it makes again from the issue and the value.
  const usual = z.config().localeError?.({ ...issue, input } as z.core.$ZodRawIssue);
  const text = typeof usual === 'string' ? usual : usual?.message;
  return text === undefined || text === issue.message ? undefined : issue.message;
}

function isOfOtherKind(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code === 'invalid_type';
}

/** What schemas call kinds, as people do. */
const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'names with values',
  record: 'names with values',
};

/** Undefined where the parser's message says it best. */
function expectedBy(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return sized(issue.origin, `${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`);
    case 'too_big':
      return sized(issue.origin, `${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union': {
      // Of a union that one field decides; the parser's types lack it.
      const options: unknown = Reflect.get(issue, 'options');
      if (Array.isArray(options)) return `one of ${options.join(', ')}`;
      const all = issue.errors.flatMap((issues) => issues.slice(0, 1).map(expectedBy));
      const known = [...new Set(all)].filter((each) => each !== undefined);
      return known.length === 0 ? undefined : known.join(' or ');
    }
    default:
      return undefined;
  }
}

function sized(origin: string, bound: string): string {
  const of = bound.startsWith('at') ? 'of ' : '';
  if (origin === 'string') {
    return bound === 'at least 1' ? 'text that is not empty' : `text ${of}${bound} characters`;
  }
  return `${origin === 'array' ? 'a list' : 'a number'} ${of}${bound}`;
}

const longest = 60;

/** A value as it was found, short. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (value !== null && typeof value === 'object') {
    return `names with values (${firstNames(Object.keys(value)) || 'none'})`;
  }
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(shortened(value, longest));
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const key of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return undefined;
    at = Reflect.get(at, key);
  }
  return at;
}

/** The names that may stand at a path; undefined where the schema has no fixed ones there. */
function shapeAt({ schema, value }: Checked, path: Path): z.ZodObject['shape'] | undefined {
  let members = membersOf(schema);
  for (const key of path) members = members.flatMap((each) => inside(each, key)).flatMap(membersOf);
  const objects = members.filter((each) => each instanceof z.ZodObject);
  const here = Object(valueAt(value, path));
  const meant = objects.find(({ shape }) =>
    Object.entries(shape).every(
      ([key, each]) => !(each instanceof z.ZodLiteral) || each.safeParse(here[key]).success,
    ),
  );
  return meant?.shape;
}

/** A schema without what stands around it, or the members of a union. */
function membersOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return membersOf(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return membersOf(schema.in);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(membersOf);
  return [schema];
}

function inside(schema: z.core.$ZodType, key: PropertyKey): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodObject)
    return Object.hasOwn(schema.shape, key) ? [schema.shape[String(key)]] : [];
  if (schema instanceof z.ZodArray) return [schema.element];
  return schema instanceof z.ZodRecord ? [schema.valueType] : [];
}
