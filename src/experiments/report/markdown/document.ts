/** @file The report as one Markdown document with its figures beside it, fit to be kept in a repository. */
import { type PaperClaim, testedClaims } from '../data/claims-of-the-paper.ts';
import type { Experiment } from '../data/experiment.ts';
import {
  claimsByVerdict,
  countsInWords,
  methodNotes,
  methodsHeading,
  nothingRunWords,
  outcomeWords,
  paperClaimsHeading,
  paperClaimsNote,
  toyCaveat,
  whoseWords,
} from '../words/summary-of-claims.ts';
import type { FigureFiles } from './figure-files.ts';
import { markdownSection } from './markdown-section.ts';
import { markdownTable, plain } from './markdown-text.ts';

export interface MarkdownReport {
  readonly text: string;
  /** By path from the document. */
  readonly figures: FigureFiles;
}

const figuresAt = 'figures';

/** The text and its figures, whose links are relative to it. */
export async function markdownReport(
  title: string,
  experiments: readonly Experiment[],
  paperClaims: readonly PaperClaim[],
): Promise<MarkdownReport> {
  const figures = new Map<string, Uint8Array | string>();
  const sections: string[] = [];
  for (const experiment of experiments) {
    const section = await markdownSection(experiment, figuresAt);
    for (const [name, content] of section.figures) figures.set(`${figuresAt}/${name}`, content);
    sections.push(section.text);
  }
  const caveat = toyCaveat(experiments);
  const nothing = nothingRunWords(experiments);
  const blocks = [
    `# ${plain(title)}`,
    `${countsInWords(experiments)}.`,
    ...(nothing === undefined ? [] : [`**${plain(nothing)}**`]),
    ...(caveat === undefined ? [] : [`> ${plain(caveat)}`]),
    ...paperBlock(experiments, paperClaims),
    ...claimsBlock(experiments),
    ...sections,
    `## ${methodsHeading}`,
    ...methodNotes.map(plain),
  ];
  return { text: `${blocks.join('\n\n')}\n`, figures };
}

/** The claims of the paper, each with how its tests came out. */
function paperBlock(
  experiments: readonly Experiment[],
  paperClaims: readonly PaperClaim[],
): readonly string[] {
  const claims = testedClaims(paperClaims, experiments);
  if (claims === undefined) return [];
  const titles = ['', 'place', 'what it says', 'here'];
  const rows = claims.map((claim) => {
    const by = claim.by.map(({ item, title }) => item ?? title);
    const where = by.length === 0 ? [] : [by.join(', ')];
    return [
      String(claim.number),
      plain(claim.place),
      plain(claim.says),
      [outcomeWords(claim), ...where].map(plain).join('<br>'),
    ];
  });
  return [
    `## ${paperClaimsHeading}`,
    plain(paperClaimsNote),
    markdownTable(
      titles.map((text) => ({ text })),
      rows,
    ),
  ];
}

/** Every claim, grouped by verdict. */
function claimsBlock(experiments: readonly Experiment[]): readonly string[] {
  const rows = claimsByVerdict(experiments).flatMap(({ verdict, claims }) =>
    claims.map(({ claim, experiment }) => [
      `**${verdict}**`,
      `${plain(claim.claim.says)} (${plain(whoseWords(claim))})`,
      `${plain(claim.statement)}.`,
      plain(experiment.item ?? experiment.title),
    ]),
  );
  if (rows.length === 0) return [];
  const titles = ['verdict', 'what is claimed', 'what was found', 'of'];
  return [
    '## Every claim, by verdict',
    markdownTable(
      titles.map((text) => ({ text })),
      rows,
    ),
  ];
}
