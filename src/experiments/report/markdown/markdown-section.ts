/** @file One experiment as a section of Markdown. */
import type { Experiment } from '../data/experiment.ts';
import type { ReportPart } from '../data/figures.ts';
import { missingHeading, missingLines } from '../words/missing-words.ts';
import type { Fact } from '../words/settings-in-words.ts';
import { differsLead, whoseWords } from '../words/summary-of-claims.ts';
import { type FigureFiles, FigureFolder } from './figure-files.ts';
import { fold, imageLink, plain, reportTableText } from './markdown-text.ts';

export interface MarkdownSection {
  readonly text: string;
  readonly figures: FigureFiles;
}

/**
 * The section and its figures.
 *
 * @param figuresAt where the figures will lie, from the Markdown file: `figures`
 */
export async function markdownSection(
  experiment: Experiment,
  figuresAt: string,
): Promise<MarkdownSection> {
  const { about, differs, claims, parts, conditions, settings } = experiment;
  const folder = new FigureFolder(experiment.name);
  const blocks = [
    `## ${sectionHeading(experiment)}`,
    ...(about === undefined ? [] : [plain(about)]),
    ...(differs === undefined ? [] : [plain(`${differsLead} ${differs}`)]),
    ...missingBlocks(experiment),
    claims
      .map(
        (judged) =>
          `- **${judged.verdict}**: ${plain(`${judged.claim.says} (${whoseWords(judged)}). ${judged.statement}`)}.`,
      )
      .join('\n'),
  ];
  for (const part of parts) blocks.push(await partText(part, folder, figuresAt));
  blocks.push(fold('Small print: what all variants share', factList(conditions)));
  const stated = settings.filter(({ own }) => own.length > 0);
  if (stated.length > 0) {
    const lines = stated.map(({ name, own }) => `- **${plain(name)}**: ${inOneLine(own)}`);
    blocks.push(fold('Settings in which the variants differ', lines.join('\n')));
  }
  return { text: blocks.filter((block) => block !== '').join('\n\n'), figures: folder.files };
}

/** `Table 3, Figure 17: KronA against LoRA` */
export function sectionHeading({ item, title }: Experiment): string {
  return plain(item === undefined ? title : `${item}: ${title}`);
}

async function partText(
  part: ReportPart,
  folder: FigureFolder,
  figuresAt: string,
): Promise<string> {
  const heading = `### ${plain(part.heading)}`;
  switch (part.kind) {
    case 'table': {
      const table = reportTableText(part.table);
      return part.isFolded ? fold(part.heading, table) : `${heading}\n\n${table}`;
    }
    case 'charts': {
      const images = part.charts.map((chart) =>
        imageLink(chart.reading, `${figuresAt}/${folder.addChart(chart)}`),
      );
      const captions = part.charts.flatMap(({ title, caption }) =>
        caption === undefined ? [] : [`${plain(`${title}: ${caption}`)}.`],
      );
      return [heading, images.join('\n'), captions.join('\\\n')]
        .filter((line) => line !== '')
        .join('\n\n');
    }
    case 'pictures': {
      const images: string[] = [];
      for (const grid of part.grids) {
        const name = await folder.addPictures(grid);
        const label = `${grid.title}: ${grid.rows.map((row) => row.label).join(', ')}; side by side: ${grid.columns.join(', ')}`;
        images.push(imageLink(label, `${figuresAt}/${name}`));
      }
      return `${heading}\n\n${images.join('\n\n')}`;
    }
    default:
      return part satisfies never;
  }
}

function missingBlocks({ done, missing }: Experiment): readonly string[] {
  const heading = missingHeading(done, missing);
  if (heading === undefined) return [];
  const lines = missingLines(missing);
  const list = lines.map((line) => `- ${plain(line)}`).join('\n');
  return [`**${heading}**`, lines.length > 5 ? fold('which', list) : list];
}

function factList(facts: readonly Fact[]): string {
  return facts.map(([name, value]) => `- **${plain(name)}**: ${plain(value)}`).join('\n');
}

function inOneLine(facts: readonly Fact[]): string {
  return facts.map(([name, value]) => plain(`${name} ${value}`)).join(', ');
}
