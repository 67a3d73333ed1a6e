/** @file The page: one HTML file that asks nobody for anything. */
import { type PaperClaim, testedClaims } from '../data/claims-of-the-paper.ts';
import type { Experiment } from '../data/experiment.ts';
import {
  claimsByVerdict,
  countsInWords,
  methodNotes,
  methodsHeading,
  nothingRunWords,
  paperClaimsHeading,
  paperClaimsNote,
  toyCaveat,
} from '../words/summary-of-claims.ts';
import { claimList, paperClaimsTable } from './claims-section.ts';
import { anchorOf, sectionMarkup } from './html-section.ts';
import { html, type Markup, trusted } from './markup.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/** Not even a mistake of ours makes the page load anything. */
const policy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** The text of the page. */
export function reportPage(
  title: string,
  experiments: readonly Experiment[],
  paperClaims: readonly PaperClaim[],
): string {
  const caveat = toyCaveat(experiments);
  const nothing = nothingRunWords(experiments);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${countsInWords(experiments)}.</p>
${nothing === undefined ? undefined : html`<p class="caveat">${nothing}</p>`}
${caveat === undefined ? undefined : html`<p class="caveat">${caveat}</p>`}
${contents(experiments)}
</header>
<main>
${ofPaper(experiments, paperClaims)}
${summary(experiments)}
${experiments.map(sectionMarkup)}
<section class="experiment" id="methods"><h2>${methodsHeading}</h2>${methodNotes.map((note) => html`<p>${note}</p>\n`)}</section>
</main>
<dialog aria-label="picture"><div class="bar"><button type="button" data-step="-1">← previous</button><button type="button" data-step="1">next →</button><form method="dialog"><button>close</button></form></div><div class="sides"><div class="large"></div><div class="facts"></div></div></dialog>
<script>${trusted(script)}</script>
</body>
</html>
`;
  return page.text;
}

function contents(experiments: readonly Experiment[]): Markup | undefined {
  if (experiments.length < 2) return undefined;
  return html`<nav aria-label="contents"><ol>${experiments.map(
    (experiment) =>
      html`<li><a href="#${anchorOf(experiment)}">${experiment.title}</a> <span>${experiment.item}</span></li>`,
  )}<li><a href="#methods">${methodsHeading}</a></li></ol></nav>`;
}

function ofPaper(
  experiments: readonly Experiment[],
  paperClaims: readonly PaperClaim[],
): Markup | undefined {
  const claims = testedClaims(paperClaims, experiments);
  if (claims === undefined) return undefined;
  return html`<section id="paper-claims"><h3>${paperClaimsHeading}</h3><p>${paperClaimsNote}</p>${paperClaimsTable(claims, anchorOf)}</section>`;
}

function summary(experiments: readonly Experiment[]): Markup | undefined {
  const groups = claimsByVerdict(experiments);
  // One sweep has its claims at its top.
  if (experiments.length < 2 || groups.length === 0) return undefined;
  const claims = groups.flatMap((group) => group.claims);
  return html`<section id="claims"><h3>Every claim, by verdict</h3>${claimList(
    claims.map(({ claim, experiment }) => ({
      claim,
      source: { title: experiment.item ?? experiment.title, anchor: anchorOf(experiment) },
    })),
  )}</section>`;
}
