import { describe, expect, test } from 'vitest';
import {
  fillSubject,
  hasSubjectPlace,
  requireKnownPlaces,
  withSubject,
} from './subject-template.ts';

describe('a text with a place for the subject', () => {
  test.each([
    ['a {subject} on the beach', 'a sks dog on the beach'],
    ['a {}, {subject} and {}', 'a sks dog, sks dog and sks dog'],
    ['no place', 'no place'],
    ['a {{subject}}', 'a {subject}'],
    ['{{{}}}', '{sks dog}'],
    ['a } or a { alone stays', 'a } or a { alone stays'],
    // Not as String.replace takes a replacement.
    ['$& {}', '$& sks dog'],
  ])('%s', (template, filled) => {
    expect(fillSubject(template, 'sks dog', 'prompt')).toBe(filled);
  });

  test('is looked through once, however long its words are', () => {
    const word = 'a'.repeat(200_000);
    expect(fillSubject(`${word} {}`, 'sks dog', 'prompt')).toBe(`${word} sks dog`);
  });

  test('takes a subject as it is', () => {
    expect(fillSubject('a {}', '$& {subject}', 'prompt')).toBe('a $& {subject}');
  });

  test.each([
    ['a {subjet}', 'prompt: {subjet} stands for nothing; did you mean "{subject}"?'],
    ['a {Subject}', '{Subject} stands for nothing; did you mean "{subject}"?'],
    ['a { subject }', '{ subject } stands for nothing; did you mean "{subject}"?'],
    ['a {cat|dog}', '{cat|dog} stands for nothing; {subject} or {} stands for the subject'],
    ['a {subject', 'prompt: "{subject" has a single brace; {subject} stands for the subject'],
    ['a dog and subject}', '"subject}" has a single brace'],
    ['a {subjct on the beach', '"{subjct" has a single brace'],
  ])('refuses %s', (template, words) => {
    expect(() => requireKnownPlaces(template, 'prompt')).toThrow(words);
    expect(() => fillSubject(template, 'sks dog', 'prompt')).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_PLACEHOLDER' }),
    );
    expect(withSubject(template, 'sks dog')).toBe(template);
  });

  test('says whether it has one', () => {
    expect(['a {}', 'a {subject}'].every(hasSubjectPlace)).toBe(true);
    expect(['a dog', '{{}}', '{{subject}}', '{other}'].some(hasSubjectPlace)).toBe(false);
  });
});
