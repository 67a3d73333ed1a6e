/** @file How a sheet is set: styles and distances, larger on sheets that are looked at from further away. */
import type { TextStyle } from './lettering.ts';
import { openTypefaces } from './typeface.ts';

/** Styles, and distances in pixels. */
export interface SheetType {
  readonly title: TextStyle;
  /** For a title that would take more than two lines, such as a long prompt. */
  readonly longTitle: TextStyle;
  readonly subtitle: TextStyle;
  readonly label: TextStyle;
  /** Under labels, and above pictures. */
  readonly note: TextStyle;
  readonly margin: number;
  readonly subtitleGap: number;
  readonly headingGap: number;
  readonly captionGap: number;
  readonly rowGap: number;
  readonly labelGap: number;
  readonly labelWidth: { readonly least: number; readonly most: number };
}

const ink = [29, 29, 31] as const;
const grey = [110, 110, 115] as const;

/** Up to so many pixels across, a sheet is shown as it is; a wider one is shrunk onto the screen, letters and all. */
const screen = 1200;

/** How a sheet of pictures that take so many pixels across is set. */
export async function sheetType(across: number): Promise<SheetType> {
  const { regular, semiBold } = await openTypefaces();
  const scale = Math.max(1, across / screen);
  const scaled = (pixels: number) => Math.round(pixels * scale);
  return {
    title: { face: semiBold, xHeight: scaled(11), colour: ink },
    longTitle: { face: semiBold, xHeight: scaled(8), colour: ink },
    subtitle: { face: regular, xHeight: scaled(7), colour: grey },
    label: { face: semiBold, xHeight: scaled(7), colour: ink },
    note: { face: regular, xHeight: scaled(7), colour: grey },
    margin: scaled(32),
    subtitleGap: scaled(2),
    headingGap: scaled(16),
    captionGap: scaled(4),
    rowGap: scaled(20),
    labelGap: scaled(24),
    labelWidth: { least: scaled(72), most: scaled(190) },
  };
}

/** From line to line, in pixels. */
export function lineHeight({ xHeight }: TextStyle): number {
  return Math.round(xHeight * 2.55);
}
