import { expect, test } from 'vitest';
import { choosePrompts } from './selection.ts';

const list = ['a {} in the snow', 'a {} on the beach', 'a red {}'];
const chosen = (...wanted: readonly (string | number)[]) =>
  choosePrompts(list, [...wanted], 'test.yaml').map(({ number, template }) => [number, template]);

test('templates of the sweep alone are numbered by themselves, beside some of the list after its end', () => {
  expect(chosen('a {} at home', 'a {} abroad')).toEqual([
    [1, 'a {} at home'],
    [2, 'a {} abroad'],
  ]);
  expect(chosen('a {} at home', 3, 'a {} abroad', 1)).toEqual([
    [4, 'a {} at home'],
    [3, 'a red {}'],
    [5, 'a {} abroad'],
    [1, 'a {} in the snow'],
  ]);
});

test('what the list does not have is refused, and a template without a place for the subject', () => {
  expect(() => chosen(4)).toThrow('there is no prompt 4, the list ends at 3');
  expect(() => chosen(1, 'at home')).toThrow('"at home" does not say where the subject stands');
});
