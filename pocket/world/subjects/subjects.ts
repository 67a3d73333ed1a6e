/** @file All held-out subjects, their five pictures each, and what is written down of them. */
import { backgrounds } from '../backgrounds/backgrounds.ts';
import { withArticle } from '../captions.ts';
import { Chance } from '../chance.ts';
import { classNamed } from '../classes/classes.ts';
import { drawnScene, type Scene } from '../scene.ts';
import { liveSubjects } from './live-subjects.ts';
import { objectSubjects } from './object-subjects.ts';
import type { Subject } from './subject.ts';

export const subjects: readonly Subject[] = [...liveSubjects, ...objectSubjects];

/** Pictures of each subject. */
const pictureCount = 5;

/** What `subjects.json` says of a subject. */
export interface SubjectRecord {
  readonly name: string;
  readonly class: string;
  readonly type: 'live' | 'object';
  /** Beside the folder of the subjects. */
  readonly images: readonly string[];
  readonly backgrounds: readonly string[];
  readonly instance_prompt: string;
  readonly class_prompt: string;
}

/** The scenes of a subject's pictures: five backgrounds, one of them plain, nothing worn, no style. */
export function subjectScenes(subject: Subject): readonly Scene[] {
  const chance = new Chance(subjects.indexOf(subject));
  return backgroundsOf(subject, chance).map((background) =>
    drawnScene(chance, {
      className: subject.className,
      look: subject.look,
      background,
      style: 'none',
      accessory: 'none',
    }),
  );
}

function backgroundsOf({ look }: Subject, chance: Chance): string[] {
  const isPlain = (name: string): boolean => name.startsWith('plain-');
  const names = backgrounds.map(({ name }) => name);
  // A red thing on red shows less of its outline than five pictures can spare.
  const plain = names.filter((name) => isPlain(name) && name !== `plain-${look.main}`);
  const places = names.filter((name) => !isPlain(name));
  const chosen = [chance.of(plain)];
  while (chosen.length < pictureCount) {
    const name = chance.of(places);
    if (!chosen.includes(name)) chosen.push(name);
  }
  return chosen;
}

/** A subject in writing. @param identifier the rare word that is to name it */
export function subjectRecord(subject: Subject, identifier = 'sks'): SubjectRecord {
  const { name, className } = subject;
  const scenes = subjectScenes(subject);
  return {
    name,
    class: className,
    type: classNamed(className).type,
    images: scenes.map((_, i) => `subjects/${name}/${String(i).padStart(2, '0')}.png`),
    backgrounds: scenes.map(({ background }) => background),
    instance_prompt: `a ${identifier} ${className}`,
    class_prompt: withArticle(className),
  };
}
