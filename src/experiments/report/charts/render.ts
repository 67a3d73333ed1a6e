/** @file A Vega-Lite chart as SVG text: no script, no request, readable on light and dark. */
import type { Config, TopLevelSpec } from 'vega-lite';

/**
 * Colours of middle lightness, which stand out on white and on black, and stay apart for the usual colour blindnesses
 * (after Okabe and Ito 2008). The first is the accent.
 */
export const palette = ['#3478c6', '#d1761f', '#2f9e78', '#b0559c', '#8a7a1f', '#c9503f'] as const;

/** What is context, not finding. */
export const grey = '#8a8f98';

/** The page's own text colour. */
export const ink = 'currentColor';

const config: Config = {
  background: 'transparent',
  font: 'system-ui, sans-serif',
  aria: false,
  padding: 4,
  view: { stroke: null },
  axis: {
    labelColor: ink,
    labelFontSize: 12,
    labelOpacity: 0.75,
    titleColor: ink,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titleOpacity: 0.75,
    domainColor: grey,
    domainOpacity: 0.5,
    tickColor: grey,
    tickOpacity: 0.5,
    gridColor: grey,
    gridOpacity: 0.2,
    titlePadding: 8,
  },
  text: { color: ink, fontSize: 12 },
  title: {
    color: ink,
    fontSize: 13,
    fontWeight: 600,
    anchor: 'start',
    frame: 'group',
    offset: 10,
  },
  legend: {
    labelColor: ink,
    labelFontSize: 12,
    labelOpacity: 0.75,
    titleColor: ink,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titleOpacity: 0.75,
    orient: 'bottom',
    symbolStrokeColor: grey,
    symbolFillColor: 'transparent',
  },
};

export type ChartSpec = TopLevelSpec;

/** The chart as one `<svg>` element with `label` as what it shows in words. */
export async function renderSvg(spec: ChartSpec, label: string): Promise<string> {
  // Loaded here, because they take a quarter of a second that no other command should pay.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const compiled = vegaLite.compile(spec, { config }).spec;
  const svg = await new vega.View(vega.parse(compiled), { renderer: 'none' }).toSVG();
  return shortNumbers(svg).replace(
    /^<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([^"]+)">/,
    (_, ...found) => opening(found.slice(0, 3).map(String), label),
  );
}

/** Places to a hundredth of a pixel: the last bits of a float are no part of a picture. */
function shortNumbers(svg: string): string {
  return svg.replaceAll(/ (?:transform|d|x2|y2)="[^"]*"/g, (attribute) =>
    attribute.replaceAll(/\d+\.\d{3,}(?:e-?\d+)?/g, (number) =>
      String(Number(Number(number).toFixed(2))),
    ),
  );
}

function opening(
  [width = '', height = '', viewBox = '']: readonly string[],
  label: string,
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${viewBox}" role="img" aria-label="${escapeAttribute(label)}">`;
}

/** The same as a file of its own: on a white card, whatever the page around it. */
export function standaloneSvg(svg: string): string {
  return `${svg.replace(/^<svg ([^>]*)>/, '<svg $1 color="#1d1d1f"><rect width="100%" height="100%" fill="#fff"/>')}\n`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
