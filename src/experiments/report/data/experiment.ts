/** @file Everything a report says of one sweep, before it is HTML or Markdown. */
import type { SweepResults } from '../../sweep/run/results.ts';
import { commonSettings, type Fact, settingsOf } from '../words/settings-in-words.ts';
import { conditionsOf } from './conditions.ts';
import { type ReportPart, reportParts } from './figures.ts';
import type { JudgedClaim } from './paper-claims.ts';
import { readPaperTable } from './paper-table.ts';
import type { ResultsFile } from './read-results.ts';
import { isToy } from './result-table.ts';

export interface Experiment {
  /** Of the results file, safe as a part of file names and links. */
  readonly name: string;
  readonly title: string;
  /** "Figure 7" */
  readonly item: string | undefined;
  readonly about: string | undefined;
  /** In what it is not as the paper has it. */
  readonly differs: string | undefined;
  readonly claims: readonly JudgedClaim[];
  readonly parts: readonly ReportPart[];
  /** The small print. */
  readonly conditions: readonly Fact[];
  /** Complete settings of every variant, and those of them that not all have. */
  readonly settings: readonly {
    readonly name: string;
    readonly facts: readonly Fact[];
    readonly own: readonly Fact[];
  }[];
  readonly done: number;
  readonly missing: SweepResults['missing'];
  /** Of the bundled model, whose world is a toy. */
  readonly isToy: boolean;
}

/** Computes, draws and cuts everything. @param claims of the file, judged among all of the report */
export async function experimentOf(
  file: ResultsFile,
  claims: readonly JudgedClaim[],
): Promise<Experiment> {
  const { results } = file;
  const { spec, name, variants, cells, missing } = results;
  const paper = spec.paper === undefined ? undefined : await readPaperTable(spec.paper);
  const common = new Map(commonSettings(variants));
  return {
    name: name.replaceAll(/[^A-Za-z0-9._-]+/g, '-'),
    title: spec.title,
    item: spec.item,
    about: spec.about,
    differs: spec.differs,
    claims,
    parts: await reportParts(file, paper),
    conditions: conditionsOf(results),
    settings: variants.map((variant) => {
      const facts = settingsOf(variant);
      return { name: variant.name, facts, own: facts.filter(([path]) => !common.has(path)) };
    }),
    done: cells.length,
    missing,
    isToy: isToy(results),
  };
}
