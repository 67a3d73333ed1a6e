import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TextStyle, textSvg, textWidth, wrapText } from './lettering.ts';
import { glyphOf } from './stroke-font.ts';

const style: TextStyle = { capHeight: 10 };
const unknown = glyphOf('猫');

describe('the typeface', () => {
  test('draws every printable ASCII character', () => {
    for (let code = 0x21; code < 0x7f; code++) {
      expect(glyphOf(String.fromCharCode(code))).not.toEqual(unknown);
    }
    expect(glyphOf(' ').path).toBe('');
  });

  test('tells similar characters apart', () => {
    const paths = [...'Il1|O0Q'].map((character) => glyphOf(character).path);
    expect(new Set(paths).size).toBe(paths.length);
  });

  test('draws accented letters without the accent and others as a box', () => {
    expect(glyphOf('é')).toEqual(glyphOf('e'));
    expect(glyphOf('🐶')).toEqual(unknown);
  });
});

describe('a line of text', () => {
  test('is as wide as its letters, whatever marks they carry', () => {
    expect(textWidth('e\u0301te\u0301', style)).toBe(textWidth('ete', style));
    expect(textWidth('ab', style)).toBeGreaterThan(textWidth('a', style));
    expect(textWidth('', style)).toBe(0);
  });

  test('puts no character of the text itself into the SVG', () => {
    const svg = textSvg('<script>&"', 0, 0, style);
    expect(svg).not.toMatch(/<script|&/);
  });
});

describe('wrapped text', () => {
  test('loses no word where there is room', () => {
    const text = 'a sks teapot on top of a wooden floor';
    const lines = wrapText(text, { width: 100, maxLines: 9, style });
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(' ')).toBe(text);
  });

  test('never exceeds its width nor its lines', () => {
    const room = fc.record({
      width: fc.integer({ min: 20, max: 300 }),
      maxLines: fc.integer({ min: 1, max: 5 }),
      style: fc.constant(style),
    });
    const words = fc.array(fc.string({ maxLength: 30 }));
    fc.assert(
      fc.property(words, room, (list, box) => {
        const lines = wrapText(list.join(' '), box);
        expect(lines.length).toBeLessThanOrEqual(box.maxLines);
        for (const line of lines) expect(textWidth(line, style)).toBeLessThanOrEqual(box.width);
      }),
    );
  });

  test('ends in an ellipsis where something is left out', () => {
    const [line = ''] = wrapText('a sks teapot on the beach', { width: 80, maxLines: 1, style });
    expect(line).toMatch(/^a sks.*…$/);
  });
});
