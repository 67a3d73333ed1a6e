/** @file What is wrong with a copy of DreamBench's pictures, in words. */
import { didYouMean } from '../../base/nearest.ts';
import type { DreamBenchCheck, DreamBenchFinding } from './check-dreambench.ts';

/** Whether something lacks; a folder too much does no harm. */
export function isFault({ kind }: DreamBenchFinding): boolean {
  return kind !== 'extra folder';
}

/** Each finding in a line, with what to do; subjects that lack are one line together. */
export function findingLines({ findings }: DreamBenchCheck): readonly string[] {
  const missing = findings.flatMap((finding) =>
    finding.kind === 'subject missing' ? [finding.subject] : [],
  );
  const lines = findings.flatMap((finding) => lineOf(finding, missing) ?? []);
  if (missing.length === 0) return lines;
  const what = missing.length === 1 ? 'no folder for' : `no folder for ${missing.length} subjects:`;
  return [`${what} ${missing.join(', ')}`, ...lines];
}

function lineOf(finding: DreamBenchFinding, missing: readonly string[]): string | undefined {
  switch (finding.kind) {
    case 'subject missing':
      return undefined;
    case 'wrong number of pictures': {
      const { folder, expected, found } = finding;
      return `${folder}: expected ${expected} pictures, found ${found}`;
    }
    case 'unreadable picture':
      return finding.reason;
    case 'extra folder': {
      const { folder, name } = finding;
      return `${folder}: no subject of DreamBench${didYouMean(name, missing)}`;
    }
    default:
      return finding satisfies never;
  }
}
