/** @file The typeface of what we letter ourselves: Inter in two weights, as the package brings it, read by opentype.js. */
import opentype, { type Font, type Glyph } from 'opentype.js';
import { invariant } from '../../base/errors.ts';
import { packageFile } from '../../platform/paths.ts';
import { readBytes } from '../../storage/files/binary-file.ts';

/** A straight line to a point, or a parabola's piece by its control point; in font units, y upwards. */
export interface Stroke {
  readonly control?: readonly [number, number];
  readonly to: readonly [number, number];
}

/** A closed line. */
export interface Contour {
  readonly start: readonly [number, number];
  readonly strokes: readonly Stroke[];
}

export interface PlacedGlyph {
  /** The character it stands for. */
  readonly character: string;
  readonly outline: readonly Contour[];
  /** From where to where it takes room on its line, in font units. */
  readonly start: number;
  readonly end: number;
}

export interface Typeface {
  /** Height of a capital and of a small x, in font units. */
  readonly capHeight: number;
  readonly xHeight: number;
  /** A line of text, kerned: a glyph for each character that is drawn. */
  layOut(text: string): readonly PlacedGlyph[];
}

export interface Typefaces {
  readonly regular: Typeface;
  readonly semiBold: Typeface;
}

/** Stands for every character that the font lacks. */
const missing = '□';

let opened: Promise<Typefaces> | undefined;

/** Both weights, read once a process. */
export async function openTypefaces(): Promise<Typefaces> {
  opened ??= openBoth();
  return await opened;
}

async function openBoth(): Promise<Typefaces> {
  const [regular, semiBold] = await Promise.all([open('Regular'), open('SemiBold')]);
  return { regular, semiBold };
}

async function open(weight: string): Promise<Typeface> {
  const bytes = await readBytes(packageFile(`fonts/inter/Inter-${weight}.woff`));
  return new FontFace(opentype.parse(bytes.buffer));
}

/** Remembers glyphs and pairs: texts are long, and of few characters. */
class FontFace implements Typeface {
  readonly capHeight: number;
  readonly xHeight: number;
  readonly #font: Font;
  readonly #glyphs = new Map<string, readonly FoundGlyph[]>();
  readonly #pairs = new Map<string, number>();

  constructor(font: Font) {
    this.#font = font;
    this.capHeight = font.tables.os2.sCapHeight;
    this.xHeight = font.tables.os2.sxHeight;
  }

  layOut(text: string): readonly PlacedGlyph[] {
    let end = 0;
    let before: FoundGlyph | undefined;
    return Array.from(text.normalize('NFC')).flatMap((character) =>
      this.#glyphsOf(character).map((glyph) => {
        const start = end + (before === undefined ? 0 : this.#kerning(before, glyph));
        end = start + glyph.advance;
        before = glyph;
        return { character: glyph.character, outline: glyph.outline, start, end };
      }),
    );
  }

  #glyphsOf(character: string): readonly FoundGlyph[] {
    const known = this.#glyphs.get(character);
    if (known !== undefined) return known;
    const found = drawnCharacters(this.#font, character).map((drawn) => {
      const glyph = this.#font.charToGlyph(drawn);
      const { index, advanceWidth: advance } = glyph;
      return { character: drawn, index, advance, outline: outlineOf(glyph) };
    });
    this.#glyphs.set(character, found);
    return found;
  }

  /** The lookups of a font are applied one after the other, and each may move the pair. */
  #kerning({ index: left }: FoundGlyph, { index: right }: FoundGlyph): number {
    const pair = `${left} ${right}`;
    const known = this.#pairs.get(pair);
    if (known !== undefined) return known;
    const { position } = this.#font;
    const found = position.defaultKerningTables.reduce(
      (sum, lookup) => sum + position.getKerningValue([lookup], left, right),
      0,
    );
    this.#pairs.set(pair, found);
    return found;
  }
}

interface FoundGlyph {
  readonly character: string;
  readonly index: number;
  /** In font units. */
  readonly advance: number;
  readonly outline: readonly Contour[];
}

/**
 * What is drawn for a character. A letter with an accent that the font lacks is the letter alone; ligatures, wide forms
 * and the like are what they are compatible with. Joiners, and marks and tones of skin by themselves, are not drawn.
 */
function drawnCharacters(font: Font, character: string): readonly string[] {
  if (/\s/u.test(character)) return [' '];
  if (font.hasChar(character)) return [character];
  const parts = Array.from(character.normalize('NFKD')).filter(
    (part) => !/[\p{M}\p{Cf}\p{Emoji_Modifier}]/u.test(part),
  );
  return parts.map((part) => (font.hasChar(part) ? part : missing));
}

function outlineOf({ path }: Glyph): readonly Contour[] {
  const contours: { start: readonly [number, number]; strokes: Stroke[] }[] = [];
  for (const command of path.commands) {
    invariant(command.type !== 'C', 'outlines of TrueType have no cubic curves');
    if (command.type === 'Z') continue;
    const to = [command.x, command.y] as const;
    if (command.type === 'M') contours.push({ start: to, strokes: [] });
    else if (command.type === 'Q') {
      contours.at(-1)?.strokes.push({ control: [command.x1, command.y1], to });
    } else contours.at(-1)?.strokes.push({ to });
  }
  return contours;
}
