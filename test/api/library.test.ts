/** @file The public functions on the bundled model, as a program uses them. */
import { openAsBlob } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/data/image.ts';
import { generate, loadPipeline, resume, train } from '../../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-api-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const subject = 'models/pocket/subjects/teapot';
const names = (await readdir(subject)).filter((name) => name.endsWith('.png')).slice(0, 3);
const settings = {
  subject: 'sks teapot',
  batchSize: 1,
  checkpointEvery: 1,
  out: join(folder, 'run'),
};

/** A run on bytes of pictures, stopped after its first step, and taken to its end. */
const stop = new AbortController();
const images = await Promise.all(names.map((name) => readFile(join(subject, name))));
const [first = '', ...others] = images;
const training = train(
  { ...settings, images: [new Blob([first]), ...others], steps: 2 },
  { signal: stop.signal },
);
const heard: string[] = [];
for await (const event of training) {
  heard.push(event.type);
  if (event.type === 'step') stop.abort();
}
const stopped = await training;
const trained = await resume({ run: stopped.run });

describe('train and resume', () => {
  test('tell their events, stop when asked, and go on to the end', () => {
    expect(heard[0]).toBe('begun');
    expect(heard).toContain('step');
    expect(heard.at(-1)).toBe('interrupted');
    expect(stopped).toMatchObject({ step: 1, interrupted: true });
    expect(trained).toMatchObject({ step: 2, fromStep: 1, interrupted: false });
  });

  test('of bytes, the run keeps pictures, and learns what it learns from their files', async () => {
    const kept = await readdir(join(stopped.run, 'images'));
    expect(
      await Promise.all(kept.map((name) => readFile(join(stopped.run, 'images', name)))),
    ).toEqual(images);
    const files = names.map((name) => join(subject, name));
    const again = await train({ ...settings, images: files, steps: 2, out: join(folder, 'again') });
    expect(await readFile(again.adapter)).toEqual(await readFile(trained.adapter));
  });

  test('a blob whose file is gone is refused by its place, before a folder is made', async () => {
    const gone = join(folder, 'gone.png');
    await writeFile(gone, images[0] ?? '');
    const blob = await openAsBlob(gone);
    await rm(gone);
    const out = join(folder, 'unread');
    await expect(train({ ...settings, images: [blob], out })).rejects.toMatchObject({
      code: 'BLOB_UNREADABLE',
      message: expect.stringContaining('images[0]: '),
    });
    expect(await readdir(folder)).not.toContain('unread');
  });

  test('end the reading with the error that awaiting gives', async () => {
    const run = train({ ...settings, images: join(folder, 'nowhere'), out: join(folder, 'none') });
    await expect(async () => {
      for await (const _ of run);
    }).rejects.toThrow('nowhere does not exist');
    await expect(run).rejects.toMatchObject({ code: 'FOLDER_MISSING' });
  });
});

const pixels = async (png = new Uint8Array()) => (await decodeImage(png, 'picture')).data;
const drawing = { prompt: 'a teapot', steps: 2, count: 2, seed: 5 };

describe('drawing', () => {
  test('gives bytes where no folder is given, the ones that go into a folder', async () => {
    const request = { ...drawing, adapter: [{ file: trained.adapter, strength: 0.7 }] };
    const work = generate(request);
    const seen = [];
    for await (const event of work) if (event.type === 'picture') seen.push(event.png);
    const { pictures } = await work;
    expect(pictures.map(({ png }) => png)).toEqual(seen);
    expect(pictures.map(({ seed }) => seed)).toEqual([5, 6]);
    const written = await generate({ ...request, out: join(folder, 'pictures') });
    for (const [i, file] of written.pictures.entries()) {
      expect(await pixels(pictures[i]?.png)).toEqual(await pixels(await readFile(file)));
    }
  });

  test('a loaded pipeline draws the same, one after the other, with an adapter given as a blob too', async () => {
    await using pipeline = await loadPipeline('pocket');
    const adapter = await pipeline.useAdapter(await openAsBlob(trained.adapter), {
      strength: 0.7,
      name: trained.adapter,
    });
    expect(adapter.subject).toBe('sks teapot');
    const both = await Promise.all([
      pipeline.generate({ ...drawing, adapters: [adapter] }),
      pipeline.generate({ ...drawing, prompt: 'a {subject}', adapters: [adapter] }),
    ]);
    const { pictures } = await generate({
      ...drawing,
      prompt: ['a teapot', 'a {subject}'],
      adapter: [{ file: trained.adapter, strength: 0.7 }],
    });
    for (const [i, { png }] of both.flatMap((each) => [...each.pictures]).entries()) {
      expect(await pixels(png)).toEqual(await pixels(pictures[i]?.png));
    }
  });

  test('begins with bytes as with a file', async () => {
    const [file = ''] = names;
    const path = join(subject, file);
    const begun = { ...drawing, count: 1, noise: 0.5 };
    const [ofFile, ofBytes, ofBlob] = [
      await generate({ ...begun, initImage: path }),
      await generate({ ...begun, initImage: await readFile(path) }),
      await generate({ ...begun, initImage: await openAsBlob(path) }),
    ];
    expect(await pixels(ofBytes.pictures[0]?.png)).toEqual(await pixels(ofFile.pictures[0]?.png));
    expect(ofBlob).toEqual(ofBytes);
    expect(new TextDecoder('latin1').decode(ofBytes.pictures[0]?.png)).toContain(
      '"initImage":"initImage"',
    );
  });

  test('a pipeline refuses what is not its own, and all once it is closed', async () => {
    const pipeline = await loadPipeline('pocket');
    const other = await loadPipeline('pocket');
    const foreign = await other.useAdapter(trained.run);
    await expect(pipeline.generate({ ...drawing, adapters: [foreign] })).rejects.toMatchObject({
      code: 'ADAPTER_OF_OTHER_PIPELINE',
    });
    const aborted = AbortSignal.abort(new Error('stopped'));
    await expect(pipeline.generate(drawing, { signal: aborted })).rejects.toThrow('stopped');
    await pipeline[Symbol.asyncDispose]();
    await expect(pipeline.generate(drawing)).rejects.toMatchObject({ code: 'PIPELINE_CLOSED' });
    await other[Symbol.asyncDispose]();
  });
});
