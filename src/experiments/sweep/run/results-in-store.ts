/** @file Results of tasks in a store: one JSON file each, named by its key and by what was measured. */
import { FormatError } from '../../../base/errors.ts';
import { schemaProblems } from '../../../base/messages/schema-problems.ts';
import { decodeText } from '../../../formats/text.ts';
import { metrics } from '../../../metrics/summary.ts';
import type { ResultStore } from '../../store/result-store.ts';
import { keyOf } from '../plan/key.ts';
import { type TaskResult, taskResultSchema } from '../work/task-result.ts';

/**
 * Of the measures that there are: where one is added, what has a result from before is scored again, from the pictures
 * that were kept.
 */
const ending = `.${keyOf(metrics).slice(0, 8)}.json`;

function nameOf(key: string): string {
  return `results/${key}${ending}`;
}

/**
 * The result of a task; undefined where there is none.
 *
 * @throws FormatError RESULT_DAMAGED
 */
export async function findResult(store: ResultStore, key: string): Promise<TaskResult | undefined> {
  const bytes = await store.read(nameOf(key));
  if (bytes === undefined) return undefined;
  const found = parseJson(bytes);
  const parsed = taskResultSchema.safeParse(found);
  if (parsed.success && parsed.data.key === key) return parsed.data;
  const problem = parsed.success
    ? 'it is of another task'
    : schemaProblems(taskResultSchema, found, parsed.error);
  throw new FormatError(
    'RESULT_DAMAGED',
    `${nameOf(key)} in ${store.name} is not a result of this version: ${problem}; remove it, and it is computed again`,
  );
}

/** Keys of all results in a store. */
export async function resultKeys(store: ResultStore): Promise<ReadonlySet<string>> {
  const names = (await store.list('results/')).filter((name) => name.endsWith(ending));
  return new Set(names.map((name) => name.slice('results/'.length, -ending.length)));
}

/** Writes a result. */
export async function writeResult(store: ResultStore, result: TaskResult): Promise<void> {
  const text = `${JSON.stringify(result, undefined, 1)}\n`;
  await store.write(nameOf(result.key), new TextEncoder().encode(text));
}

/** Undefined where the bytes are no JSON: the schema then says what is wrong. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeText(bytes, 'a result'));
  } catch {
    return undefined;
  }
}
