import { describe, expect, test } from 'vitest';
import { blankImage, type Image } from '../data/image.ts';
import { contactSheet, imageGrid } from './contact-sheet.ts';

const red = blankImage(64, 64, [255, 0, 0]);
const blue = blankImage(64, 64, [0, 0, 255]);

/** Where the pixels of a plain colour lie, and how many there are. */
function boxOf(sheet: Image, colour: readonly number[]) {
  const columns: number[] = [];
  const rows: number[] = [];
  for (let at = 0; at < sheet.data.length; at += 3) {
    if (colour.every((level, channel) => sheet.data[at + channel] === level)) {
      columns.push((at / 3) % sheet.width);
      rows.push(Math.floor(at / 3 / sheet.width));
    }
  }
  const span = (values: number[]) =>
    [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b)) + 1] as const;
  return { x: span(columns), y: span(rows), area: columns.length };
}

/** Number of pixels darker than any paper or pure colour of these tests. */
function inked({ data }: Image): number {
  let count = 0;
  for (let at = 0; at < data.length; at += 3) {
    if (Math.max(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0) < 128) count++;
  }
  return count;
}

describe('a contact sheet', () => {
  test('shows small pictures at 128 pixels, row under row', async () => {
    const sheet = await contactSheet({
      rows: [
        { label: 'before', images: [red] },
        { label: 'after', images: [blue] },
      ],
    });
    const first = boxOf(sheet, [255, 0, 0]);
    const second = boxOf(sheet, [0, 0, 255]);
    expect(first.area).toBe(128 * 128);
    expect(second.area).toBe(128 * 128);
    expect(second.x).toEqual(first.x);
    expect(second.y[0]).toBeGreaterThan(first.y[1]);
  });

  test('keeps labels clear of the pictures', async () => {
    const label = 'a label that is much longer than the place there is for it '.repeat(9);
    const sheet = await contactSheet({ rows: [{ label, images: [red, red] }] });
    expect(boxOf(sheet, [255, 0, 0]).area).toBe(2 * 128 * 128);
    expect(inked(sheet)).toBeGreaterThan(500);
  });

  test('draws the title, wider than the pictures if it must', async () => {
    const rows = [{ label: '', images: [red] }];
    const plain = await contactSheet({ rows });
    const titled = await contactSheet({ title: 'Learning a sks teapot in 300 steps', rows });
    expect(inked(plain)).toBe(0);
    expect(inked(titled)).toBeGreaterThan(200);
    expect(titled.width).toBeGreaterThan(plain.width);
  });

  test('shrinks large pictures into the cell and keeps their shape', async () => {
    const wide = blankImage(800, 400, [255, 0, 0]);
    const sheet = await contactSheet({ rows: [{ label: '', images: [wide] }], cell: 200 });
    const { x, y } = boxOf(sheet, [255, 0, 0]);
    expect([x[1] - x[0], y[1] - y[0]]).toEqual([200, 100]);
  });

  test('continues a long row below', async () => {
    const sheet = await contactSheet({
      rows: [{ label: '', images: [red, red, red] }],
      columns: 2,
    });
    const { x, y, area } = boxOf(sheet, [255, 0, 0]);
    expect([x[1] - x[0], y[1] - y[0], area]).toEqual([264, 264, 3 * 128 * 128]);
  });

  test('puts captions above their pictures and leaves empty places', async () => {
    const row = { label: '', images: [red, undefined, blue] };
    const plain = await contactSheet({ rows: [row] });
    const captions = ['in the snow', '', 'a caption of several lines, however narrow'];
    const captioned = await contactSheet({ rows: [{ ...row, captions }] });
    const [before, after] = [boxOf(plain, [0, 0, 255]), boxOf(captioned, [0, 0, 255])];
    expect(after.x).toEqual(before.x);
    expect(after.x[0] - boxOf(captioned, [255, 0, 0]).x[0]).toBe(2 * (128 + 8));
    const lowered = after.y[0] - before.y[0];
    expect(lowered).toBeGreaterThan(20);
    expect(captioned.height - plain.height).toBe(lowered);
    const above = captioned.data.subarray(0, after.y[0] * captioned.width * 3);
    expect(inked({ ...captioned, data: above })).toBe(inked(captioned));
    expect(inked(captioned)).toBeGreaterThan(100);
  });

  test('sets wide sheets larger', async () => {
    const wide = blankImage(2400, 64, [255, 0, 0]);
    const [small, large] = await Promise.all(
      [red, wide].map((image) => imageGrid([image], { title: 'A' })),
    );
    expect(inked(large ?? red)).toBeGreaterThan(2 * inked(small ?? red));
  });

  test('is the same picture every time', async () => {
    const options = { title: 'One', rows: [{ label: 'two', images: [red, blue] }] };
    const [first, second] = [await contactSheet(options), await contactSheet(options)];
    expect(Buffer.compare(first.data, second.data)).toBe(0);
  });

  test('may be empty', async () => {
    const sheet = await contactSheet({ title: 'Nothing yet', rows: [] });
    expect(sheet.width).toBeGreaterThan(0);
  });
});

describe('a grid of samples', () => {
  test('is about square and keeps large pictures at their size', async () => {
    const big = blankImage(300, 300, [255, 0, 0]);
    const grid = await imageGrid([big, big, big, big]);
    const { x, y, area } = boxOf(grid, [255, 0, 0]);
    expect(area).toBe(4 * 300 * 300);
    expect(x).toEqual(y);
  });

  test('may have a title', async () => {
    const grid = await imageGrid([red], { title: 'a sks teapot on the beach' });
    expect(inked(grid)).toBeGreaterThan(100);
    expect(boxOf(grid, [255, 0, 0]).area).toBe(128 * 128);
  });
});
