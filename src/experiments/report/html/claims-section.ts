/** @file Claims as HTML: a chip with the verdict, the claim, and the computed sentence. */
import type { Verdict } from '../data/evidence.ts';
import type { JudgedClaim } from '../data/paper-claims.ts';
import { html, type Markup, unbroken } from './markup.ts';

/** Told apart without colour. */
const signs: Readonly<Record<Verdict, string>> = {
  supported: '✓',
  contradicted: '✕',
  'cannot tell': '?',
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
    ({ claim: { claim, verdict, statement }, source }) => html`
<li><span class="chip ${verdict.replace(' ', '-')}">${signs[verdict]} ${verdict}</span>
<p class="says">${claim.says}${source && html` <a class="where" href="#${source.anchor}">${source.title}</a>`}</p>
<p class="statement">${unbroken(statement)}.</p></li>`,
  )}
</ul>`;
}
