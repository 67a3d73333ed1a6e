/** @file One experiment as a section of the page: answers first, then numbers, charts, pictures and the small print. */
import type { Chart } from '../charts/variant-points.ts';
import type { Experiment } from '../data/experiment.ts';
import type { ReportPart } from '../data/figures.ts';
import { missingHeading, missingLines } from '../words/missing-words.ts';
import { differsLead } from '../words/summary-of-claims.ts';
import { claimList } from './claims-section.ts';
import { tableMarkup } from './html-table.ts';
import { html, type Markup, trusted } from './markup.ts';
import { factList, gridsMarkup } from './pictures-section.ts';

/** Wider charts scroll on a phone, where the others shrink. */
const phoneWidth = 358;

/** Where the page links to an experiment. */
export function anchorOf({ name }: Pick<Experiment, 'name'>): string {
  return `sweep-${name.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`;
}

/** The section of an experiment. */
export function sectionMarkup(experiment: Experiment): Markup {
  const anchor = anchorOf(experiment);
  const { item, title, about, differs, claims, parts, conditions } = experiment;
  return html`
<section class="experiment" id="${anchor}">
<p class="item">${[item, experiment.name].filter((part) => part !== undefined).join(' · ')}</p>
<h2>${title}</h2>
${about === undefined ? undefined : html`<p>${about}</p>`}
${differs === undefined ? undefined : html`<p>${differsLead} ${differs}</p>`}
${missingMarkup(experiment)}
${claims.length === 0 ? undefined : claimList(claims.map((claim) => ({ claim })))}
${parts.map((part) => partMarkup(part, (variant) => settingsId(anchor, variant)))}
<details class="fold"><summary>Small print: what all variants share</summary>${factList(conditions)}</details>
${settingsMarkup(experiment, anchor)}
</section>`;
}

function settingsId(anchor: string, variant: number): string {
  return `${anchor}-settings-${variant}`;
}

function partMarkup(part: ReportPart, idOf: (variant: number) => string): Markup {
  switch (part.kind) {
    case 'table': {
      const table = tableMarkup(part.table);
      return part.isFolded
        ? html`<details class="fold"><summary>${part.heading}</summary>${table}</details>`
        : html`<h3>${part.heading}</h3>${table}`;
    }
    case 'charts':
      return html`<h3>${part.heading}</h3><div class="charts">${part.charts.map(chartMarkup)}</div>`;
    case 'pictures':
      return html`<h3>${part.heading}</h3>${gridsMarkup(part.grids, idOf)}`;
    default:
      return part satisfies never;
  }
}

function chartMarkup({ svg, caption }: Chart): Markup {
  const width = Number(/width="([\d.]+)"/.exec(svg)?.[1] ?? 0);
  const name = width > phoneWidth ? html` class="wide"` : undefined;
  const line = caption === undefined ? undefined : html`<figcaption>${caption}</figcaption>`;
  return html`<figure${name}><div>${trusted(svg)}</div>${line}</figure>`;
}

function missingMarkup({ done, missing }: Experiment): Markup | undefined {
  const heading = missingHeading(done, missing);
  if (heading === undefined) return undefined;
  const lines = missingLines(missing);
  const list = html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
  return html`<div class="missing"><p>${heading}</p>${
    lines.length > 5 ? html`<details><summary>which</summary>${list}</details>` : list
  }</div>`;
}

function settingsMarkup({ settings }: Experiment, anchor: string): Markup | undefined {
  if (settings.every(({ facts }) => facts.length === 0)) return undefined;
  return html`<details class="fold"><summary>All settings of every variant</summary>${settings.map(
    ({ name, facts }, i) => html`<h4>${name}</h4>${factList(facts, settingsId(anchor, i))}`,
  )}</details>`;
}
