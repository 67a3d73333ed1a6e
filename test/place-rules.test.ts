import { describe, expect, test } from 'vitest';
import { placeViolations } from './place-rules.ts';

const leaves =
  'leaves the repository; what it needs belongs inside, reference values into test/fixtures';
const ofOneMachine =
  'is a place of one machine; take a path from the project, or a temporary folder';

describe('the rule of places', () => {
  test.each<[string, string, string, string]>([
    [
      'a path from the working folder',
      'src/optim/a.test.ts',
      "await check('../beside/fixtures/optim');",
      `../../../beside/fixtures/optim ${leaves}`,
    ],
    [
      'a template from the working folder',
      'src/optim/a.test.ts',
      `const folder = \`../beside/fixtures/\${name}\`;`,
      `../../../beside/fixtures/ ${leaves}`,
    ],
    [
      'a path from the file',
      'test/train/a.test.ts',
      "const folder = join(import.meta.dirname, '../../../beside');",
      `../../../beside ${leaves}`,
    ],
    [
      'a URL',
      'src/metrics/a.ts',
      `new URL(\`../../../beside/\${name}\`, import.meta.url)`,
      `../../../beside/ ${leaves}`,
    ],
    ['an import', 'src/a.ts', "import { b } from '../../b.ts';", `../../b.ts ${leaves}`],
    ['a link', 'docs/a.md', 'See [b](../../b.md).', `../../b.md ${leaves}`],
    ['a shell line', '.ci/run', 'cp -r ../../beside .', `../../beside ${leaves}`],
  ])('refuses %s that climbs out', (_what, path, text, message) => {
    expect(placeViolations([{ path, text }])).toEqual([`${path}: ${message}`]);
  });

  test.each([
    ['/home/me/models', '/home/me'],
    ['/Users/me/models', '/Users/me'],
    ['C:\\\\Users\\\\me', 'C:\\\\Users\\\\'],
    ['/tmp/krona-test', '/tmp/krona-test'],
  ])('refuses %s', (place, named) => {
    expect(placeViolations([{ path: 'src/a.ts', text: `\nopen('${place}');` }])).toEqual([
      `src/a.ts:2: ${named} ${ofOneMachine}`,
    ]);
  });

  test('lets pass what stays inside, addresses, and examples of what is refused', () => {
    const files = [
      { path: 'src/data/a.ts', text: "new URL('../../models/pocket', import.meta.url)" },
      { path: 'src/data/b.test.ts', text: "test.each(['../../etc/passwd', '../a'])" },
      { path: 'src/data/c.test.ts', text: "expect(() => parse('../a')).toThrow()" },
      { path: 'docs/a.md', text: '[a](../src/a.ts), https://example.org/home/me, runs/home/me' },
      { path: 'test/queue/a.ts', text: "readdirSync('/usr/lib/postgresql')" },
    ];
    expect(placeViolations(files)).toEqual([]);
  });
});
