import { describe, expect, test } from 'vitest';
import { grouped } from '../../../src/base/grouped.ts';
import { pocketSubjects } from '../../../src/data/pocket.ts';
import { Chance } from '../chance.ts';
import { classNamed } from '../classes/classes.ts';
import { contrasting, isReserved, type Look } from '../looks/look.ts';
import { drawnScene } from '../scene.ts';
import { subjectRecord, subjectScenes, subjects } from './subjects.ts';

const identity = ({ main, second, pattern, mark }: Look): string =>
  [main, second, pattern, mark].join(' ');

test('subjects are at least thirty, live ones and objects alike many, the bundled names among them', async () => {
  const records = subjects.map((subject) => subjectRecord(subject));
  const byType = grouped(records, ({ type }) => type);
  expect(records.length).toBeGreaterThanOrEqual(30);
  expect(byType.get('live')).toHaveLength(records.length / 2);
  const names = records.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const bundled = (await pocketSubjects()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(bundled));
});

describe.each(subjects)('$name', (subject) => {
  const { className, look } = subject;

  test('has a reserved look of its class, its colours told apart', () => {
    expect(isReserved(look)).toBe(true);
    expect(look.pattern).not.toBe('plain');
    expect(contrasting(look.main)).toContain(look.second);
    const { parts } = classNamed(className);
    expect(Object.keys(look.parts).sort()).toEqual(Object.keys(parts).sort());
    for (const [part, kinds] of Object.entries(parts)) expect(kinds).toContain(look.parts[part]);
  });

  test('is shown five times, on five backgrounds', () => {
    const scenes = subjectScenes(subject);
    expect(scenes).toHaveLength(5);
    expect(new Set(scenes.map(({ background }) => background)).size).toBe(5);
    for (const scene of scenes) {
      expect(scene).toMatchObject({ className, look, style: 'none', accessory: 'none' });
    }
    expect(subjectScenes(subject)).toEqual(scenes);
  });
});

test('no scene of training has the look of a subject, while every value of one is met', () => {
  const chance = new Chance(8);
  const looks = Array.from({ length: 4000 }, () => drawnScene(chance).look);
  expect(looks.filter(isReserved)).toEqual([]);
  const held = new Set(subjects.map(({ look }) => identity(look)));
  expect(looks.filter((look) => held.has(identity(look)))).toEqual([]);
  for (const { look } of subjects) {
    for (const key of ['main', 'second', 'pattern', 'mark'] as const) {
      expect(looks.some((met) => met[key] === look[key])).toBe(true);
    }
  }
});
