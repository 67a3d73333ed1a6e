/** @file Claims as HTML: a chip with the verdict, the claim, and the computed sentence. */
import type { TestedClaim } from '../data/claims-of-the-paper.ts';
import type { Verdict } from '../data/evidence.ts';
import type { JudgedClaim } from '../data/paper-claims.ts';
import { outcomeWords, whoseWords } from '../words/summary-of-claims.ts';
import { html, type Markup, unbroken } from './markup.ts';

/** Told apart without colour. */
const signs: Readonly<Record<Verdict, string>> = {
  supported: '✓',
  contradicted: '✕',
  'cannot tell': '?',
  'not run yet': '…',
};

/** Where a claim comes from, on a page that gathers them. */
export interface ClaimSource {
  readonly title: string;
  readonly anchor: string;
}

/** A list of claims, with the experiment behind each where `source` is given. */
export function claimList(
  claims: readonly { readonly claim: JudgedClaim; readonly source?: ClaimSource }[],
): Markup {
  return html`<ul class="claims">${claims.map(
    ({ claim: judged, source }) => html`
<li>${chip(judged.verdict)}
<p class="says">${judged.claim.says} <span class="whose">(${whoseWords(judged)})</span>${source && html` <a class="where" href="#${source.anchor}">${source.title}</a>`}</p>
<p class="statement">${unbroken(judged.statement)}.</p></li>`,
  )}
</ul>`;
}

/** The claims of the paper as a table: how the tests of each came out, and the sweeps that test it. */
export function paperClaimsTable(
  claims: readonly TestedClaim[],
  anchorOf: (experiment: TestedClaim['by'][number]) => string,
): Markup {
  const links = (claim: TestedClaim) =>
    claim.by.map(
      (experiment) =>
        html` <a class="where" href="#${anchorOf(experiment)}">${experiment.item ?? experiment.title}</a>`,
    );
  return html`<div class="scroll" tabindex="0" role="group" aria-label="table"><table class="paper-claims">
<thead><tr><th scope="col">claim</th><th scope="col">place</th><th scope="col">what it says</th><th scope="col">here</th></tr></thead>
<tbody>${claims.map(
    (
      claim,
    ) => html`<tr><th scope="row">${claim.number}</th><td>${claim.place}</td><td>${claim.says}</td><td>${outcomeWords(claim)}${links(claim)}</td></tr>
`,
  )}</tbody></table></div>`;
}

function chip(verdict: Verdict): Markup {
  return html`<span class="chip ${verdict.replaceAll(' ', '-')}">${signs[verdict]} ${verdict}</span>`;
}
