/** @file What to write into a prompt for an adapter: its words, as its own metadata and those of other tools state them. */
import * as z from 'zod';
import type { AdapterFile } from '../adapters/index.ts';
import { parsePythonJson } from '../formats/python-json.ts';

/** Tags shown of a file whose captions are listed. */
const mostTags = 5;

/** Counts of captions or tags, by folder of the training pictures. */
const tagFrequency = z.record(z.string(), z.record(z.string(), z.number()));

/** The words, the surest first. */
export function triggerWords(
  { placed, training }: Pick<AdapterFile, 'placed' | 'training'>,
  metadata: Readonly<Record<string, string>>,
): readonly string[] {
  const words = [
    ...placed.flatMap(({ adapter }) => adapter.newTokens.map(({ token }) => token)),
    training?.subject,
    ...(training?.concept ?? []).map(({ subject }) => subject),
    metadata['modelspec.trigger_phrase'],
    ...frequentTags(metadata.ss_tag_frequency),
  ];
  return [...new Set(words.flatMap((word) => word || []))];
}

function frequentTags(text: string | undefined): readonly string[] {
  const totals = new Map<string, number>();
  for (const tags of Object.values(parsed(text))) {
    for (const [tag, count] of Object.entries(tags)) {
      totals.set(tag.trim(), (totals.get(tag.trim()) ?? 0) + count);
    }
  }
  return [...totals]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostTags)
    .map(([tag]) => tag);
}

function parsed(text: string | undefined): z.output<typeof tagFrequency> {
  try {
    return tagFrequency.parse(parsePythonJson(text ?? '{}'));
  } catch {
    return {};
  }
}
