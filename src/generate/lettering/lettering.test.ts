import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blankImage, type Image } from '../../data/image.ts';
import { capHeight, drawText, type TextStyle, textWidth, wrapText } from './lettering.ts';
import { openTypefaces } from './typeface.ts';

const { regular, semiBold } = await openTypefaces();
const style: TextStyle = { face: regular, xHeight: 7, colour: [0, 0, 0] };

/** Characters that are drawn for a text. */
const drawn = (text: string) => regular.layOut(text).map(({ character }) => character);

describe('the typeface', () => {
  // Font units of a line as HarfBuzz 12 sets it with `kern` alone (uharfbuzz 0.57.0, from the same files), and without
  // kerning the sum of the advance widths that fontTools reads.
  test.each([
    ['A teapot, learned from 5 pictures', 31915, 32554],
    ['AVATAR “Te” To. Yes, LT P. r,', 27653, 28277],
    ['10:30, 1,240 kB → ΔW = A ⊗ B', 30342, 30649],
    ['Ένα τσαγερό, ΓάΤώ', 19121, 19534],
    ['Чайник на пляже, ТдГу', 23104, 23593],
    ['Żółć, Łódź, İstanbul, Tiếng Việt', 29970, 30640],
  ])('is as wide as another program sets it: %s', (text, asRegular, asSemiBold) => {
    expect(regular.layOut(text).at(-1)?.end).toBe(asRegular);
    expect(semiBold.layOut(text).at(-1)?.end).toBe(asSemiBold);
    expect(drawn(text).join('')).toBe(text);
  });

  test('has every printable character of ASCII, all different', () => {
    const ascii = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i));
    expect(drawn(ascii.join(''))).toEqual(ascii);
    const outlines = regular.layOut(ascii.join('')).map(({ outline }) => JSON.stringify(outline));
    expect(new Set(outlines).size).toBe(94);
  });

  test('draws a box for what it lacks, once a character', () => {
    expect(drawn('猫 🐶👍🏽\u{d800}')).toEqual(['□', ' ', '□', '□', '□']);
  });

  test('draws what a character is made of or stands for where it has that', () => {
    expect(drawn('e\u0301')).toEqual(['é']);
    expect(drawn('x\u0301ﬁＡ\u200d\ufe0f\tb')).toEqual([...'xfiA b']);
  });
});

/** A small picture with two lines of text, one of which it cuts off. */
function lettered(): Image {
  const image = blankImage(96, 40, [250, 250, 248]);
  drawText(image, 'AVg jé ☃ Ωж', { x: 4, y: 14, style });
  const title: TextStyle = { face: semiBold, xHeight: 11, colour: [29, 29, 31] };
  drawText(image, 'A teapot, cut off', { x: 3.5, y: 36, style: title });
  return image;
}

describe('drawn text', () => {
  test('is the same to the last bit on every machine', () => {
    const hash = createHash('sha256').update(lettered().data).digest('hex');
    expect(hash).toBe('b146ff435f2e7ebcd82acc3d68f6aae5eab3ba6d8f559e65f5c69c22284d981b');
  });

  test('stands on its baseline, with sharp edges at whole heights of x', () => {
    const image = blankImage(40, 30, [255, 255, 255]);
    drawText(image, 'x', { x: 5, y: 20, style });
    const rows = Array.from({ length: 30 }, (_, row) =>
      Math.min(...image.data.subarray(row * 120, row * 120 + 120)),
    );
    const inked = rows.flatMap((darkest, row) => (darkest < 255 ? [row] : []));
    expect(inked).toEqual([13, 14, 15, 16, 17, 18, 19]);
    expect(capHeight(style)).toBeCloseTo((7 * 1490) / 1118, 12);
  });

  test('outside the picture changes nothing', () => {
    const image = blankImage(8, 8, [255, 255, 255]);
    for (const [x, y] of [
      [-200, 5],
      [100, 5],
      [0, -50],
      [0, 100],
    ] as const) {
      drawText(image, 'outside', { x, y, style });
    }
    expect(image.data.every((level) => level === 255)).toBe(true);
  });
});

describe('wrapped text', () => {
  test('loses no word where there is room', () => {
    const text = 'a sks teapot on top of a wooden floor';
    const lines = wrapText(text, { width: 100, maxLines: 9, style });
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(' ')).toBe(text);
  });

  test('is broken inside a word that is longer than a line, and only there', () => {
    const lines = wrapText('one abcdefghijklmnopqrstuvwxyz two', { width: 90, maxLines: 9, style });
    expect(lines[0]).toBe('one');
    expect(lines.slice(1).join('')).toMatch(/^abcdefghijklmnopqrstuvwxyz ?two$/);
  });

  test('never exceeds its width nor its lines, and keeps all in order', () => {
    const room = fc.record({
      width: fc.integer({ min: 20, max: 300 }),
      maxLines: fc.integer({ min: 1, max: 5 }),
      style: fc.constant(style),
    });
    const words = fc.array(fc.string({ maxLength: 30, unit: 'binary' }));
    fc.assert(
      fc.property(words, room, (list, box) => {
        const lines = wrapText(list.join(' '), box);
        expect(lines.length).toBeLessThanOrEqual(box.maxLines);
        for (const line of lines) expect(textWidth(line, style)).toBeLessThanOrEqual(box.width);
        const plain = (text: string) => drawn(text).join('').replaceAll(' ', '');
        const shown = plain(lines.join(''));
        const whole = plain(list.join(' '));
        if (shown !== whole) expect(whole.startsWith(shown.replace(/…$/, ''))).toBe(true);
      }),
    );
  });

  test('ends in an ellipsis where something is left out', () => {
    const [line = ''] = wrapText('a sks teapot on the beach', { width: 80, maxLines: 1, style });
    expect(line).toMatch(/^a sks.*…$/);
  });
});
