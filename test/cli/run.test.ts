import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareDemoFolder } from '../../src/cli/commands/demo/demo-folder.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { jsonLines, krona } from './terminal.ts';

const images = join(pocketFolder(), 'subjects', 'teapot');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-run-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const train = (out: string, ...flags: readonly string[]) => [
  ...['train', '--images', images, '--subject', 'sks teapot'],
  ...(flags.includes('--steps') ? [] : ['--steps', '4']),
  ...['--batch-size', '1', '--out', out, ...flags],
];

describe('training and generating from the command line', () => {
  test('leaves an adapter, and says how to make pictures with it', async () => {
    const run = join(folder, 'whole');
    const { code, out, err } = await krona(train(run));
    expect(code).toBe(0);
    expect(out).toContain(`trained 4 steps in 0 s: ${run}/adapter.safetensors\n`);
    expect(err).toContain('5 pictures, 11,520 parameters in 56 sites of pocket, 4 steps\n');
  });

  test('is silent where asked to be', async () => {
    const { code, err } = await krona(train(join(folder, 'quiet'), '--quiet', '--steps', '1'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('reports events as JSON lines to programs', async () => {
    const { out, err } = await krona(train(join(folder, 'json'), '--json'));
    const types = jsonLines(out).map(({ type }) => type);
    expect(err).toBe('');
    expect(types.filter((type) => type === 'step').length).toBe(4);
    expect(types.at(-1)).toBe('finished');
  });

  test('goes on after Ctrl-C to the same adapter', async () => {
    const run = join(folder, 'stopped');
    const stopped = await krona(train(run, '--json'), {
      onOutput: (text, interrupt) => {
        if (text.includes('"type":"step","step":2,')) interrupt();
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.err).toBe(
      '\nstopping after this step, writing a checkpoint ... (again to stop at once)\n',
    );
    expect(existsSync(join(run, 'adapter.safetensors'))).toBe(false);
    const unfinished = await krona(['inspect', run]);
    expect(unfinished.out).toContain('a run that has not finished');
    expect(unfinished.out).toContain(`go on with it: krona train --resume ${run}`);
    expect((await krona(['train', '--resume', run])).code).toBe(0);
    const adapter = (name: string) => readFileSync(join(folder, name, 'adapter.safetensors'));
    expect(adapter('stopped')).toEqual(adapter('whole'));
  });

  test('is inspected with its progress and loss', async () => {
    const { out } = await krona(['inspect', join(folder, 'whole')]);
    expect(out).toContain('a finished run of krona train');
    expect(out).toMatch(/progress +step 4 of 4/);
    expect(out).toMatch(/loss +\d\.\d{4} at the last step, \d\.\d{4} smoothed/);
    const { out: json } = await krona(['inspect', join(folder, 'whole'), '--json']);
    expect(JSON.parse(json)).toMatchObject({ kind: 'run', finished: true, step: 4, steps: 4 });
  });

  test('refuses a folder that holds a run', async () => {
    const { code, err } = await krona(train(join(folder, 'whole')));
    expect(code).toBe(1);
    expect(err).toContain('[RUN_EXISTS]');
  });

  test('takes settings from a file, and options of the method from flags', async () => {
    const path = join(folder, 'lora.yaml');
    const run = join(folder, 'lora');
    writeFileSync(path, `images: ${images}\nsubject: sks teapot\nadapter: lora\nsteps: 9\n`);
    const flags = ['--config', path, '--rank', '2', '--steps', '1', '--out', run];
    const { code } = await krona(['train', ...flags]);
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')).config).toMatchObject({
      adapter: 'lora',
      adapterOptions: { rank: 2 },
      steps: 1,
    });
  });

  test('makes pictures that know their settings', async () => {
    const out = join(folder, 'pictures');
    const generated = await krona([
      ...['generate', '--run', join(folder, 'whole'), '--prompt', 'a {subject} in the snow'],
      ...['--count', '2', '--steps', '2', '--seed', '7', '--out', out],
    ]);
    expect(generated.code).toBe(0);
    const files = ['0001-seed7.png', '0002-seed8.png', 'sheet.png'];
    expect(generated.out).toBe(files.map((name) => `${join(out, name)}\n`).join(''));
    expect(readdirSync(out).sort()).toEqual(files);
    const inspected = await krona(['inspect', join(out, '0002-seed8.png')]);
    expect(inspected.out).toContain('a picture made by krona generate');
    expect(inspected.out).toMatch(/prompt +a sks teapot in the snow\n/);
    expect(inspected.out).toMatch(/settings .*seed 8/);
  });

  test('stops generating at Ctrl-C', async () => {
    const out = join(folder, 'stopped-pictures');
    const { code } = await krona(
      ['generate', '--prompt', 'a teapot', '--steps', '3', '--out', out, '--json'],
      { onOutput: (text, interrupt) => text.includes('"type":"step"') && interrupt() },
    );
    expect(code).toBe(130);
  });
});

describe('the demo', () => {
  const demo = (...flags: readonly string[]) =>
    krona(['demo', '--steps', '2', '--count', '1', '--out', join(folder, 'demo'), ...flags]);

  test('leaves a sheet and says what to do next', async () => {
    const { code, out, err } = await demo();
    expect(code).toBe(0);
    expect(err).toContain('drawing before: a teapot in the snow\n');
    expect(err).toContain('drawing after: a sks teapot in the snow\n');
    expect(out.replaceAll(folder, 'FOLDER')).toMatchInlineSnapshot(`
      "
      the sheet is FOLDER/demo/sheet.png (0 s in all)
      more pictures:  krona generate --run FOLDER/demo/run --prompt "a {subject} in the jungle" --out FOLDER/demo/run/pictures
      your own:       krona train --images DIR --subject "sks dog" --out RUN
      "
    `);
    expect(readdirSync(join(folder, 'demo')).sort()).toEqual([
      ...['after', 'before', 'run', 'sheet.png'],
    ]);
    for (const prompts of ['before', 'after']) {
      expect(readdirSync(join(folder, 'demo', prompts))).toEqual(['1', '2', '3', '4']);
      expect(readdirSync(join(folder, 'demo', prompts, '4'))).toEqual([
        '0001-seed0.png',
        'sheet.png',
      ]);
    }
  });

  test('goes on with its run where it was stopped, and begins again with --force', async () => {
    const out = join(folder, 'stopped-demo');
    cpSync(join(folder, 'whole'), join(out, 'run'), { recursive: true });
    expect(await prepareDemoFolder(out, { images, force: false })).toBe('resume');
    expect(await prepareDemoFolder(out, { images, force: true })).toBe('new');
    expect(readdirSync(out)).toEqual([]);
  });

  test.each([
    ['run/notes.txt', 'run/notes.txt'],
    ['before/holiday.jpg', 'before'],
    ['sheet.png', 'sheet.png'],
  ])('removes nothing of a folder that holds %s and no demo', async (name, said) => {
    const out = join(folder, 'own', name.replaceAll('/', '-'));
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), 'mine');
    for (const force of [false, true]) {
      await expect(prepareDemoFolder(out, { images, force })).rejects.toMatchObject({
        code: 'DEMO_FOLDER',
        message: expect.stringContaining(`holds other things (${said})`),
      });
    }
    expect(readFileSync(join(out, name), 'utf8')).toBe('mine');
  });

  test.each(['run/pictures/0001-seed0.png', 'before/holiday.jpg', 'after/1/mine.png', 'sheet.png'])(
    'keeps %s beside a demo',
    async (name) => {
      const out = join(folder, 'kept', name.replaceAll('/', '-'));
      cpSync(join(folder, 'whole'), join(out, 'run'), { recursive: true });
      mkdirSync(dirname(join(out, name)), { recursive: true });
      writeFileSync(join(out, name), 'mine');
      await expect(prepareDemoFolder(out, { images, force: true })).rejects.toMatchObject({
        code: 'DEMO_FOLDER',
      });
      expect(readFileSync(join(out, name), 'utf8')).toBe('mine');
      expect(existsSync(join(out, 'run', 'run.json'))).toBe(true);
    },
  );

  test("does not replace a training of its user's", async () => {
    const out = join(folder, 'own-run');
    cpSync(join(folder, 'whole'), join(out, 'run'), { recursive: true });
    const record = join(out, 'run', 'run.json');
    const text = readFileSync(record, 'utf8').replace('"sks teapot"', '"sks pot"');
    writeFileSync(record, text);
    await expect(prepareDemoFolder(out, { images, force: true })).rejects.toMatchObject({
      code: 'DEMO_FOLDER',
      message: expect.stringContaining('a run that is not of the demo (sks pot on pocket)'),
    });
    expect(readFileSync(record, 'utf8')).toBe(text);
  });

  test('does not replace the demo of another subject without being told to', async () => {
    const { code, err } = await demo('--subject', 'robot');
    expect(code).toBe(1);
    expect(err).toMatch(/holds a demo of another subject \(sks teapot\); .*\[DEMO_FOLDER\]\n$/);
  });

  test('does not touch a folder that holds other things', async () => {
    writeFileSync(join(folder, 'demo', 'notes.txt'), 'mine');
    const { code, err } = await demo('--force');
    expect(code).toBe(1);
    expect(err).toMatch(/holds other things \(notes\.txt\); .*\[DEMO_FOLDER\]\n$/);
    expect(existsSync(join(folder, 'demo', 'sheet.png'))).toBe(true);
  });
});
