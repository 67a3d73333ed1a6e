import { expect, test } from 'vitest';
import { printable, readable } from './printable.ts';

test('what a terminal would obey is written out, text and JSON stay as they are', () => {
  expect(printable('red \u001b[31m bell \u0007 line\u009b back\r')).toBe(
    String.raw`red \u001b[31m bell \u0007 line\u009b back\u000d`,
  );
  expect(printable('Häuschen 家\t1\n2')).toBe('Häuschen 家\t1\n2');
  const event = JSON.stringify({ name: 'a\u0007\u007f' });
  expect(JSON.parse(printable(event))).toEqual({ name: 'a\u0007\u007f' });
});

test('a line without end is cut in its middle', () => {
  const text = readable(`begin${'x'.repeat(200_000)}end\nnext`);
  expect(text).toMatch(/^beginx+ \.\.\. \(196008 characters\) \.\.\. x+end\nnext$/);
  expect(text.length).toBeLessThan(4100);
});
