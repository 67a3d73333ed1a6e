/** @file What each measure is called, and which way is better. */
import type { Measure } from '../../sweep/spec/spec.ts';

interface MeasureWords {
  /** In tables and charts. */
  readonly label: string;
  /** `neutral`: neither way is better by itself. */
  readonly better: 'higher' | 'lower' | 'neutral';
  /** One line for whoever reads the first table. */
  readonly about: string;
}

/** In the words of docs/evaluation.md. */
export const measureWords: Readonly<Record<Measure, MeasureWords>> = {
  dino: { label: 'DINO', better: 'higher', about: 'likeness to the real pictures, by DINO' },
  clipI: { label: 'CLIP-I', better: 'higher', about: 'likeness to the real pictures, by CLIP' },
  clipT: { label: 'CLIP-T', better: 'higher', about: 'how well a picture shows its prompt' },
  clipTTyped: {
    label: 'CLIP-T typed',
    better: 'higher',
    about: 'the same with the rare word in the prompt',
  },
  nearestClip: {
    label: 'copy (CLIP)',
    better: 'neutral',
    about: 'cosine with the nearest real picture; near 1, a training picture was copied',
  },
  nearestDino: {
    label: 'copy (DINO)',
    better: 'neutral',
    about: 'cosine with the nearest real picture; near 1, a training picture was copied',
  },
  diversityClip: {
    label: 'spread (CLIP)',
    better: 'neutral',
    about: 'how unlike the pictures of one prompt are; near 0, all are alike',
  },
  diversityDino: {
    label: 'spread (DINO)',
    better: 'neutral',
    about: 'how unlike the pictures of one prompt are; near 0, all are alike',
  },
  driftClip: {
    label: 'drift (CLIP)',
    better: 'higher',
    about: 'unrelated pictures with and without the adapter; 1, it changed nothing else',
  },
  driftDino: {
    label: 'drift (DINO)',
    better: 'higher',
    about: 'unrelated pictures with and without the adapter; 1, it changed nothing else',
  },
  parameters: { label: 'parameters', better: 'lower', about: 'trained numbers' },
};
