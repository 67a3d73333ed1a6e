import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPaperTable } from '../../src/experiments/report/data/paper-table.ts';
import { krona } from '../cli/terminal.ts';
import { exampleResults, writeExample } from './example.ts';
import { examples, methods } from './examples.ts';
import { type Tag, tagsOf } from './markup-check.ts';

let folder = '';
let results = '';
let page = '';
let tags: readonly Tag[] = [];
let markdown = '';

const hostile = '<script>alert(1)</script> & "quotes" | pipes';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-report-'));
  results = join(folder, 'results');
  for (const example of examples) await writeExample(results, await exampleResults(example));
  const named = { ...methods.spec, title: hostile, about: hostile, claims: [] };
  const variants = methods.variants.map((variant) => ({
    ...variant,
    name: `${variant.name} ${hostile}`,
  }));
  const other = {
    ...methods,
    name: 'hostile',
    spec: named,
    variants,
    missing: [{ cell: hostile, reason: hostile }],
  };
  await writeExample(results, await exampleResults(other));
  const out = join(folder, 'report');
  expect(await kronaReport(results, '--out', out, '--title', hostile)).toEqual({
    code: 0,
    out: `page      ${join(out, 'index.html')}\nmarkdown  ${join(out, 'report.md')}, 34 figures beside it\n`,
    err: '',
  });
  page = await readFile(join(out, 'index.html'), 'utf8');
  tags = tagsOf(page.trimEnd());
  markdown = await readFile(join(out, 'report.md'), 'utf8');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const attribute = (tag: Tag, name: string) => tag.attributes.get(name) ?? '';
const named = (name: string) => tags.filter((tag) => tag.name === name);

const kronaReport = async (...argv: readonly string[]) => await krona(['report', ...argv]);

test('takes the place of a report, and of nothing else', async () => {
  const path = join(folder, 'README.md');
  await writeFile(path, '# Mine');
  const { code, err } = await kronaReport(
    join(folder, 'results'),
    '--out',
    join(folder, 'other'),
    '--markdown',
    path,
  );
  expect(code).toBe(2);
  expect(err).toContain(`${path} is there already and is no report`);
  expect(await readFile(path, 'utf8')).toBe('# Mine');
});

describe('the page', () => {
  test('is well formed, and its links lead somewhere', () => {
    expect(tags[0]?.name).toBe('html');
    const ids = tags.map((tag) => tag.attributes.get('id')).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    const links = named('a').map((tag) => attribute(tag, 'href'));
    expect(links.length).toBeGreaterThan(examples.length);
    for (const link of links) expect(ids).toContain(link.replace(/^#/, ''));
  });

  test('asks nobody for anything', () => {
    const foreign = page.replaceAll('xmlns="http://www.w3.org/2000/svg"', '');
    expect(foreign).not.toMatch(/https?:\/\//);
    expect(foreign).not.toMatch(/@import|url\(/);
    for (const tag of tags) {
      expect(['link', 'iframe', 'object', 'embed', 'base']).not.toContain(tag.name);
      const source = tag.attributes.get('src');
      if (source !== undefined)
        expect(source).toMatch(/^data:image\/webp;base64,[A-Za-z0-9+/]+=*$/);
      expect([...tag.attributes.keys()].filter((name) => name.startsWith('on'))).toEqual([]);
    }
    const policy = named('meta').map((tag) => attribute(tag, 'content'));
    expect(policy).toContainEqual(
      expect.stringMatching(/^default-src &#39;none&#39;; img-src data:; /),
    );
  });

  test('runs no script but its own', () => {
    expect(page.split('<script').length - 1).toBe(1);
    expect(page).not.toContain('alert(1)</script>');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;');
  });

  test('has settings behind every picture', () => {
    const pictures = named('details').filter((tag) => attribute(tag, 'class') === 'picture');
    // Two sweeps with two subjects each: four real pictures, and five variants of four prompts.
    expect(pictures.length).toBe(2 * 2 * (4 + 5 * 4));
    expect(named('img').length).toBe(pictures.length);
    const ids = new Set(tags.map((tag) => tag.attributes.get('id')));
    const drawn = pictures.filter((tag) => tag.attributes.has('data-settings'));
    expect(drawn.length).toBe(2 * 2 * 5 * 4);
    for (const picture of drawn) expect(ids).toContain(attribute(picture, 'data-settings'));
    const behind = [...page.matchAll(/base64,[^"]*"><\/summary>(<dl>.*?<\/dl>)<\/details>/gs)].map(
      ([, list]) => list ?? '',
    );
    expect(behind.length).toBe(pictures.length);
    const ofDrawn = behind.filter((list) => list.includes('<dt>prompt</dt>'));
    expect(ofDrawn.length).toBe(drawn.length);
    for (const list of ofDrawn) {
      expect(list).toMatch(
        /<dt>seed of the picture<\/dt><dd>0<\/dd><dt>seed of training<\/dt><dd>0<\/dd>/,
      );
      expect(list).toMatch(/<dt>DINO of the prompt<\/dt><dd>0\.\d{3}<\/dd>/);
    }
    expect(page).toContain('<dt>prompt</dt><dd>a sks cat on the beach</dd>');
    expect(page).toContain('<dt>train.learningRate</dt><dd>0.003</dd>');
  });

  test('has the numbers of the results, and of the paper beside them', async () => {
    const { cells } = await exampleResults(methods);
    const own = cells.filter(({ variant }) => variant === 0);
    const scores = own.flatMap(({ prompts }) => prompts.map(({ dino = 0 }) => dino));
    // All subjects have equally many prompts and seeds: the mean of all is the mean of means.
    const mean = scores.reduce((sum, value) => sum + value, 0) / scores.length;
    expect(page).toContain(`>${mean.toFixed(3)} ± `);
    expect(page).toContain('<td class="paper group-start">0.649<small>± 0.139</small></td>');
    expect(page).toContain('SDXL on photographs, measured with other encoders');
    expect(page).toContain('49 of 56 are those that the paper prints');
  });

  test('has rows of the paper that none of its variants stands for, marked as printed', () => {
    expect(page).toMatch(
      />LoKr, factor=-1, rank=8 \(printed\)<.*>0\.646<small>± 0\.147<.*>1\.36M</,
    );
    expect(page).not.toContain('LoRA-DreamBooth, rank=4 (printed)');
    expect(markdown).toMatch(/^\| DiffuseKronA, a1=2 \(printed\) \| – \|/m);
  });

  test('sets no photographs beside drawings that are called the same', async () => {
    const own = page.slice(page.indexOf('KronA, subject by subject'));
    const { rows } = await readPaperTable('table1');
    const cat = rows.find(({ name }) => name === 'Cat')?.scores.dino?.mean ?? 0;
    expect(own).toContain('>cat<');
    expect(own).not.toContain(`>${cat.toFixed(3)} ±`);
  });

  test('says what is otherwise than in the paper', () => {
    expect(page).toContain(
      '<p>Otherwise than in the paper: three subjects of the bundled world</p>',
    );
    expect(markdown).toContain(
      '\n\nOtherwise than in the paper: three subjects of the bundled world\n',
    );
  });

  test('names what is missing', () => {
    expect(page).toContain('1 result of 120 is missing; everything below is of the others.');
    expect(page).toContain('LoHa, rank 4/octopus/1: the loss became NaN in step 212');
  });

  test('says that the bundled world is a toy, of the sweeps that are', () => {
    expect(page).toMatch(
      /“KronA, subject by subject”[^<]* were measured on the bundled model: a toy world/,
    );
    expect(page).not.toMatch(/“The factor of LoKr”[^<]* measured on the bundled model/);
  });
});

describe('the Markdown', () => {
  test('links to figures that exist, and to all of them', async () => {
    const links = [...markdown.matchAll(/\]\((figures\/[^)]+)\)/g)].map(([, link]) => link ?? '');
    const names = (await readdir(join(folder, 'report', 'figures'))).map(
      (name) => `figures/${name}`,
    );
    expect([...new Set(links)].sort()).toEqual(names.sort());
    expect(names).toContain('figures/table3.pocket-pictures-cat.webp');
    expect(names).toContain('figures/fig8.pocket-1.svg');
  });

  test('begins with the claims of the paper, and how the tests of each came out', () => {
    const table = markdown.split('## What the paper claims\n\n')[1]?.split('\n\n')[1] ?? '';
    const rows = table.split('\n').slice(2);
    expect(rows.map((row) => row.split(' | ')[0])).toEqual(
      Array.from({ length: 22 }, (_, i) => `| ${i + 1}`),
    );
    // Fidelity, and colours that were not measured.
    expect(rows[9]).toMatch(/1 not run yet<br>Table 3, Figure 17 \|$/);
    expect(rows[17]).toContain('| true by construction');
    expect(rows[4]).toMatch(/\| not tested here \|$/);
    expect(markdown).toContain("more faithful to the subject than LoRA (the paper's claim 10)");
    expect(markdown).toContain('KronA is more faithful than LoHa (ours)');
  });

  test('has every claim, by verdict', () => {
    const table = markdown.split('## Every claim, by verdict\n\n')[1]?.split('\n\n')[0] ?? '';
    const verdicts = [...table.matchAll(/^\| \*\*(.*?)\*\*/gm)].map(([, verdict]) => verdict);
    const count = examples.reduce((sum, { spec }) => sum + [spec.claims ?? []].flat().length, 0);
    expect(verdicts.length).toBe(count);
    const order = ['supported', 'contradicted', 'cannot tell', 'not run yet'];
    expect(verdicts).toEqual(
      [...verdicts].sort((a, b) => order.indexOf(a ?? '') - order.indexOf(b ?? '')),
    );
    expect(table).toContain(
      'KronA (8, 16) trains fewer parameters than LoRA, rank 4: 11,520 against 43,008, 26.8 %.',
    );
  });

  test('keeps the columns of its tables, whatever names hold', () => {
    for (const block of markdown.split('\n\n').filter((text) => text.startsWith('|'))) {
      const widths = block.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
    expect(markdown).not.toContain('<script>');
  });

  test('goes where it is wanted, its figures beside it', async () => {
    const file = join(folder, 'docs', 'results.md');
    const source = join(results, 'fig8.pocket.json');
    const out = join(folder, 'elsewhere');
    const { code, out: said } = await kronaReport(
      source,
      '--out',
      out,
      '--markdown',
      file,
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(said)).toMatchObject({
      type: 'report',
      page: join(out, 'index.html'),
      markdown: file,
      claims: [
        { sweep: 'fig8.pocket', verdict: 'cannot tell', p: 0.25, comparison: { subjects: 3 } },
      ],
    });
    expect(await readdir(join(folder, 'docs'))).toEqual(['figures', 'results.md']);
    expect(await readdir(out)).toEqual(['index.html']);
    expect((await readFile(file, 'utf8')).split('\n')[0]).toBe('# The learning rate');
  });
});

test('says of what was not run yet that it was not, and decides nothing but counts', async () => {
  const { sheet: _, encoders: __, cells, ...planned } = await exampleResults(methods);
  const missing = cells.map(({ key }) => ({ cell: key, reason: 'not run yet' }));
  const path = await writeExample(join(folder, 'planned'), { ...planned, cells: [], missing });
  const out = join(folder, 'unrun');
  expect((await kronaReport(path, '--out', out)).code).toBe(0);
  const text = await readFile(join(out, 'report.md'), 'utf8');
  expect(text).toMatch(
    /\n1 sweep, 6 claims: 1 supported, 5 not run yet\.\n\n\*\*Nothing was run yet: /,
  );
  expect(text).toContain('> Everything here will be measured on the bundled model');
  expect(text).toContain(`**There is no result yet: ${cells.length} are to come.**`);
  expect(text).not.toContain('encoders**');
  const unrun = await readFile(join(out, 'index.html'), 'utf8');
  expect(unrun).toContain('<p class="caveat">Nothing was run yet: ');
  expect(unrun).toContain(`There is no result yet: ${cells.length} are to come.`);
  expect(markdown).not.toContain('Nothing was run yet');
});

test('the same results give the same bytes', async () => {
  const again = join(folder, 'again');
  await kronaReport(results, '--out', again, '--title', hostile);
  const paths = await readdir(again, { recursive: true, withFileTypes: true });
  const files = paths
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  expect(files.length).toBe(36);
  for (const file of files) {
    const other = file.replace(again, join(folder, 'report'));
    expect((await readFile(file)).equals(await readFile(other))).toBe(true);
  }
});

describe('refuses', () => {
  const out = () => join(folder, 'refused');

  test('a file that holds no results', async () => {
    const path = join(folder, 'package.json');
    await writeFile(path, '{ "name": "x", "version": "2" }');
    const { code, err } = await kronaReport(path, '--out', out());
    expect(code).toBe(1);
    expect(err).toContain(
      `${path}: expected results as sweeps write them, found other JSON: version: `,
    );
    expect(err).toContain('[RESULTS_FILE]');
  });

  test('a file that is not there, and a folder without any', async () => {
    const gone = await kronaReport(join(folder, 'gone.json'), '--out', out());
    expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('[FILE_NOT_FOUND]') });
    await mkdir(join(folder, 'empty'));
    const empty = await kronaReport(join(folder, 'empty'), '--out', out());
    expect(empty).toMatchObject({ code: 2, err: expect.stringContaining('run krona sweep first') });
  });

  test('the same sweep twice', async () => {
    const path = join(results, 'fig8.pocket.json');
    const copy = join(folder, 'copy.json');
    await cp(path, copy);
    const { code, err } = await kronaReport(path, copy, '--out', out());
    expect(code).toBe(1);
    expect(err).toContain(
      `${copy} and ${path} are both results of "fig8.pocket"; give only one of them`,
    );
  });

  test('results that contradict themselves', async () => {
    const path = join(folder, 'cut.json');
    const whole = await exampleResults(methods);
    const cut = async (part: object) => {
      await writeFile(path, JSON.stringify({ ...whole, ...part }));
      return (await kronaReport(path, '--out', out())).err;
    };
    const contradiction =
      /cut\.json: .*; the file was cut or edited: let the sweep write it again \[RESULTS_CONTRADICTION\]/;
    expect(await cut({ variants: whole.variants.slice(0, 2) })).toMatch(contradiction);
    expect(await cut({ subjects: whole.subjects.slice(0, 2) })).toMatch(contradiction);
    const subjects = whole.subjects.map((each) => ({ ...each, prompts: each.prompts.slice(1) }));
    expect(await cut({ subjects })).toMatch(contradiction);
  });

  test('a sheet of other results', async () => {
    const other = join(folder, 'other');
    const path = await writeExample(other, await exampleResults({ ...methods, name: 'sheet' }));
    await cp(join(other, 'sheet.webp'), join(other, 'wrong.webp'));
    const { sheet, ...rest } = await exampleResults({ ...methods, name: 'wrong' });
    await writeFile(
      join(other, 'wrong.json'),
      JSON.stringify({ ...rest, sheet: { ...sheet, width: 32 } }),
    );
    const { code, err } = await kronaReport(join(other, 'wrong.json'), '--out', out());
    expect(code).toBe(1);
    expect(err).toContain(
      'expected 16 x 7 thumbnails of 32 x 64, found a picture of 1024 x 192'.replace('7', '3'),
    );
    expect(err).toContain('[SHEET_SIZE]');
    expect((await kronaReport(path, '--out', out())).code).toBe(0);
  });
});
