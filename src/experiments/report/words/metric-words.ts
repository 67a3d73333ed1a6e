/** @file What each measure is called, and which way is better. */
import type { Claim, Measure } from '../../sweep/spec/spec.ts';

interface MeasureWords {
  /** In tables and charts. */
  readonly label: string;
  /** `neutral`: neither way is better by itself. */
  readonly better: 'higher' | 'lower' | 'neutral';
  /** One line for whoever reads a table of them. */
  readonly about: string;
}

const nearest = 'nearest real picture; 1 is a copy';
const spread = 'distance between pictures of one prompt';
const drift = 'unrelated prompts with and without the adapter; 1 is unchanged';

/** In the words of docs/evaluation.md. */
export const measureWords: Readonly<Record<Measure, MeasureWords>> = {
  dino: { label: 'DINO', better: 'higher', about: 'subject: like its real pictures' },
  clipI: { label: 'CLIP-I', better: 'higher', about: 'subject: like its real pictures' },
  clipT: { label: 'CLIP-T', better: 'higher', about: 'prompt, with the class word' },
  clipTTyped: { label: 'CLIP-T typed', better: 'higher', about: 'prompt, as typed' },
  clipTScene: {
    label: 'CLIP-T scene',
    better: 'higher',
    about: 'prompt, apart from the class word',
  },
  nearestClip: { label: 'copy (CLIP)', better: 'neutral', about: nearest },
  nearestDino: { label: 'copy (DINO)', better: 'neutral', about: nearest },
  diversityClip: { label: 'spread (CLIP)', better: 'neutral', about: spread },
  diversityDino: { label: 'spread (DINO)', better: 'neutral', about: spread },
  contrast: { label: 'contrast', better: 'neutral', about: 'deviation of the luminance, 0 to 1' },
  saturation: { label: 'saturation', better: 'neutral', about: 'mean of the pixels, 0 to 1' },
  hueDistance: {
    label: 'hue distance',
    better: 'lower',
    about: 'degrees from the colour that the prompt names',
  },
  colourDistance: {
    label: 'colour distance',
    better: 'lower',
    about: 'from the colours of real pictures, in L*',
  },
  highFrequency: {
    label: 'high frequencies',
    better: 'neutral',
    about: 'share of the finest octave, 0 to 1',
  },
  driftClip: { label: 'drift (CLIP)', better: 'higher', about: drift },
  driftDino: { label: 'drift (DINO)', better: 'higher', about: drift },
  parameters: { label: 'parameters', better: 'lower', about: 'trained numbers' },
};

/** What a claim compares: `CLIP-T`, `CLIP-T scene at equal DINO`, `spread of DINO`. */
export function comparedWords({ metric, at, across }: Claim): string {
  const { label } = measureWords[metric];
  if (at !== undefined) return `${label} at equal ${measureWords[at].label}`;
  return across === 'spread' ? `spread of ${label}` : label;
}

/** Of measures where neither way is better, "better" says higher. */
export function isLowBetter({ metric, across }: Claim): boolean {
  return across === 'spread' || measureWords[metric].better === 'lower';
}
