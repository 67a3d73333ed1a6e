/** @file How the page looks: one column of sections, calm, on light and dark, at a desk and on a phone. */

export const style = `
:root {
  color-scheme: light dark;
  --page: #fbfbf9; --card: #ffffff; --ink: #1d1d1f; --soft: #5f6570; --line: #e3e3de; --accent: #2f6db5;
  --good: #1f7a5a; --bad: #b4471b; --open: #666c76;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16171a; --card: #1e2024; --ink: #e9e9e6; --soft: #a2a8b2; --line: #33363c; --accent: #79aeea;
    --good: #5cc79c; --bad: #ef9160; --open: #a2a8b2;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0 auto; max-width: 1160px; padding: 3rem 1.5rem 5rem;
  background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; overflow-wrap: break-word;
}
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 0.75rem; }
h2 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; margin: 0.15rem 0 0.5rem; }
h3 { font-size: 1rem; margin: 2.25rem 0 0.75rem; }
h4 { font-size: 0.9rem; margin: 1.25rem 0 0.5rem; }
p { margin: 0.5rem 0; max-width: 46rem; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 3px; }
.soft, .notes, figcaption { color: var(--soft); font-size: 0.85rem; }
.caveat { border-left: 3px solid var(--accent); padding: 0.1rem 0 0.1rem 0.9rem; margin: 1.25rem 0; }
.item { color: var(--soft); font-size: 0.85rem; letter-spacing: 0.02em; margin: 0; }
nav ol { list-style: none; padding: 0; margin: 1.25rem 0 0; columns: 2 22rem; column-gap: 2rem; }
nav li { padding: 0.2rem 0; break-inside: avoid; }
nav span { color: var(--soft); font-size: 0.85rem; }
section.experiment { border-top: 1px solid var(--line); margin-top: 3.5rem; padding-top: 2rem; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.5rem 0.9rem 0.5rem 0; text-align: right; vertical-align: top; white-space: nowrap; }
th { font-weight: 600; }
thead th { border-bottom: 1px solid var(--line); vertical-align: bottom; }
thead tr.groups th { border: 0; padding-bottom: 0; color: var(--soft); font-weight: 400; font-size: 0.8rem; text-align: left; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
th.left, td.left { text-align: left; white-space: normal; min-width: 9rem; }
td.group-start, th.group-start { padding-left: 1.4rem; border-left: 1px solid var(--line); }
td.paper, th.paper { color: var(--soft); }
td small { display: block; color: var(--soft); font-size: 0.78rem; }
th.left { position: sticky; left: 0; background: var(--page); }
tr.context > * { color: var(--soft); font-weight: 400; }
.claims { list-style: none; padding: 0; margin: 1rem 0; display: grid; gap: 0.9rem; }
.claims li { display: grid; grid-template-columns: 8rem 1fr; gap: 0.2rem 1rem; align-items: start; }
.claims .says { font-weight: 600; margin: 0; }
.claims .statement { grid-column: 2; margin: 0; font-size: 0.92rem; max-width: 54rem; }
.claims .where { font-weight: 400; font-size: 0.85rem; white-space: nowrap; }
.claims .whose { font-weight: 400; color: var(--soft); }
.paper-claims th, .paper-claims td { text-align: left; white-space: normal; min-width: 3rem; max-width: 34rem; }
.paper-claims td { min-width: 9rem; }
.paper-claims td:nth-of-type(2) { min-width: 16rem; }
.paper-claims .where { font-size: 0.85rem; white-space: nowrap; }
.chip {
  justify-self: start; border: 1px solid currentColor; border-radius: 1rem; padding: 0.05rem 0.6rem;
  font-size: 0.78rem; line-height: 1.5; white-space: nowrap; margin-top: 0.1rem;
}
.supported { color: var(--good); } .contradicted { color: var(--bad); } .cannot-tell { color: var(--open); } .not-run-yet { color: var(--soft); }
.charts { display: flex; flex-wrap: wrap; gap: 1.25rem 1rem; align-items: flex-start; }
figure { margin: 0; max-width: 100%; min-width: 0; }
figure svg { display: block; height: auto; max-width: 100%; }
figure.wide > div { overflow-x: auto; }
figure.wide svg { max-width: none; }
figcaption { max-width: 46rem; }
figure:not(.wide) figcaption { max-width: 330px; padding-left: 12px; }
.grids { display: flex; flex-wrap: wrap; gap: 1rem 3rem; align-items: flex-start; }
.grid { max-width: 100%; min-width: 0; }
.grid table { table-layout: fixed; font-size: 0.78rem; }
.grid th, .grid td { border: 0; padding: 0 6px 6px 0; text-align: left; white-space: normal; width: 106px; }
.grid th.prompt { color: var(--soft); font-weight: 400; line-height: 1.3; vertical-align: bottom; padding-top: 6px; }
.grid th.label { padding: 8px 0 3px; font-weight: 600; font-size: 0.82rem; width: auto; }
.picture > summary { list-style: none; cursor: zoom-in; border-radius: 4px; }
.picture > summary::-webkit-details-marker { display: none; }
.picture img { display: block; width: 100%; height: auto; border-radius: 4px; }
.picture summary:focus-visible, a:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.pixels { image-rendering: pixelated; }
details > summary { cursor: pointer; }
details.fold { margin: 1.25rem 0; }
details.fold > summary { font-weight: 600; font-size: 0.95rem; }
details.fold > summary + * { margin-top: 0.75rem; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.2rem 1rem; margin: 0.5rem 0; font-size: 0.85rem; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.missing { border-left: 3px solid var(--bad); padding-left: 0.9rem; font-size: 0.9rem; }
.missing ul { margin: 0.25rem 0; padding-left: 1.1rem; }
dialog {
  width: min(60rem, calc(100vw - 1.5rem)); max-height: calc(100dvh - 1.5rem); border: 1px solid var(--line); border-radius: 12px;
  padding: 1.25rem; background: var(--card); color: var(--ink); overflow: auto;
}
dialog::backdrop { background: rgb(0 0 0 / 0.55); }
dialog .sides { display: grid; grid-template-columns: minmax(0, 24rem) minmax(0, 1fr); gap: 1.5rem; }
dialog img { width: 100%; height: auto; border-radius: 6px; display: block; }
dialog dl { grid-template-columns: minmax(6rem, 13rem) 1fr; }
dialog .bar { display: flex; gap: 0.5rem; justify-content: flex-end; margin-bottom: 0.75rem; }
button { font: inherit; font-size: 0.85rem; color: inherit; background: none; border: 1px solid var(--line); border-radius: 8px; padding: 0.25rem 0.8rem; cursor: pointer; }
@media (max-width: 640px) {
  body { padding: 1.5rem 1rem 4rem; }
  h1 { font-size: 1.6rem; }
  h2 { font-size: 1.3rem; }
  .claims li { grid-template-columns: 1fr; }
  .claims .statement { grid-column: 1; }
  dialog .sides { grid-template-columns: 1fr; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 0.45rem; }
  .grid th, .grid td { padding-right: 4px; }
  .grid table { width: 100%; }
}
@media print { dialog, nav { display: none; } section.experiment { break-before: page; } }
`;
