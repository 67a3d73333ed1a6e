/** @file Data sets over a real server: made, filled, described, looked at as they would be trained, and removed. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pocketSubject } from '../../src/data/pocket.ts';
import { loadPictures } from '../../src/train/pictures/dataset.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

let studio: TestStudio;
let teapots: readonly string[];
beforeAll(async () => {
  studio = await startStudio();
  teapots = (await pocketSubject('teapot')).images;
});
afterAll(async () => {
  expect(studio.log).toEqual([]);
  await studio[Symbol.asyncDispose]();
});

const folderOf = (id: string) => join(studio.work, 'datasets', id);

async function put(id: string, name: string, bytes: Uint8Array): Promise<string> {
  const address = `/api/datasets/${id}/pictures/${encodeURIComponent(name)}`;
  const body = new Uint8Array(bytes);
  const answer = await studio.fetch(address, { method: 'PUT', body });
  return ((await answer.json()) as { readonly name: string }).name;
}

/** A set of the bundled teapots, each sent. */
async function teapotSet(name: string, count = 5): Promise<string> {
  const { id } = await studio.ask('datasets.create', { name, className: 'teapot' });
  for (const [n, path] of teapots.slice(0, count).entries()) {
    await put(id, `${n}.png`, readFileSync(path));
  }
  return id;
}

test('a picture has a mask as a training reads it, until it is taken away, removed and brought back with its picture', async () => {
  const id = await teapotSet('masked', 2);
  const upload = async (level: number, side = 64) => {
    const grey = { r: level, g: level, b: level };
    const image = sharp({ create: { width: side, height: side, channels: 3, background: grey } });
    const answer = await studio.fetch('/api/uploads/mask.png', {
      ...{ method: 'PUT', body: new Uint8Array(await image.png().toBuffer()) },
    });
    return ((await answer.json()) as { readonly picture: string }).picture;
  };
  const give = async (mask: string | null) =>
    await studio.ask('datasets.mask', { id, name: '0.png', mask });
  const masks = async () =>
    (await studio.ask('datasets.get', { id })).pictures.map(({ mask }) => mask?.picture);
  // One that another program made gives way to what is painted.
  const white = sharp({ create: { width: 64, height: 64, channels: 3, background: '#fff' } });
  await white.jpeg().toFile(join(folderOf(id), '0-masklabel.jpg'));
  expect(await masks()).toEqual([`dataset~${id}~0-masklabel.jpg`, undefined]);
  await give(await upload(200));
  expect(await masks()).toEqual([`dataset~${id}~0-masklabel.png`, undefined]);
  expect(await studio.ask('datasets.list', {})).toContainEqual(
    expect.objectContaining({ id, count: 2, hasMasks: true }),
  );
  const sizes = [{ width: 64, height: 64 }];
  const options = { captions: false, repeats: 1, sizes, masks: { source: 'auto' } } as const;
  const { pictures } = await loadPictures(folderOf(id), options);
  expect(pictures.map(({ mask }) => mask?.data[0])).toEqual([200, undefined]);
  await expect(give(await upload(255, 65))).rejects.toMatchObject({ code: 'MASK_SIZE' });
  await expect(give(await upload(0))).rejects.toMatchObject({ code: 'MASK_BLACK' });
  await expect(give('dataset~nowhere~0.png')).rejects.toMatchObject({ code: 'NOT_HERE' });
  await studio.ask('datasets.remove-picture', { id, name: '0.png' });
  expect(readdirSync(folderOf(id)).sort()).toEqual(['1.png', 'dataset.json']);
  await studio.ask('datasets.restore-picture', { id, name: '0.png' });
  expect(await masks()).toEqual([`dataset~${id}~0-masklabel.png`, undefined]);
  await give(null);
  expect(await masks()).toEqual([undefined, undefined]);
  await studio.ask('datasets.remove', { id });
});

test('a set is made, filled, renamed and removed; its id stays', async () => {
  const id = await teapotSet('My teapot!', 5);
  expect(id).toBe('My-teapot');
  const made = {
    id,
    name: 'My teapot!',
    className: 'teapot',
    isBundled: false,
    count: 5,
    hasMasks: false,
  };
  const list = await studio.ask('datasets.list', {});
  expect(list.find((each) => each.id === id)).toEqual({
    ...made,
    thumbnails: [0, 1, 2, 3].map((n) => `dataset~My-teapot~${n}.png`),
  });
  const second = await studio.ask('datasets.create', { name: 'my teapot' });
  expect(second).toMatchObject({ id: 'my-teapot-2', count: 0 });
  // At once, as the page sends them when one goes from field to field.
  await Promise.all([
    studio.ask('datasets.change', { id, className: '' }),
    studio.ask('datasets.change', { id, name: 'Pot' }),
  ]);
  expect(await studio.ask('datasets.change', { id })).toMatchObject({ id, name: 'Pot', count: 5 });
  const { className, warnings, pictures } = await studio.ask('datasets.get', { id });
  expect([className, warnings, pictures.length]).toEqual([undefined, [], 5]);
  await studio.ask('datasets.remove', { id });
  expect(existsSync(folderOf(id))).toBe(false);
  await expect(studio.ask('datasets.get', { id })).rejects.toMatchObject({ code: 'NOT_HERE' });
});

test('pictures are shown as they would be trained, with the reasons of those that cannot be', async () => {
  const { id } = await studio.ask('datasets.create', { name: 'strange' });
  const [teapot = ''] = teapots;
  const wide = await sharp(teapot).resize(400, 200, { fit: 'fill' }).blur(3).jpeg().toBuffer();
  const turned = await sharp(wide).withMetadata({ orientation: 6 }).toBuffer();
  await put(id, 'turned.jpg', turned);
  await put(id, 'small.png', await sharp(teapot).resize(40).png().toBuffer());
  writeFileSync(join(folderOf(id), 'broken.png'), 'no picture');
  writeFileSync(join(folderOf(id), 'note.md'), 'not read');
  for (const buckets of [false, true]) {
    const { pictures, warnings, count } = await studio.ask('datasets.get', { id, buckets });
    expect(count).toBe(3);
    expect(pictures.map(({ name }) => name)).toEqual(['small.png', 'turned.jpg']);
    expect(pictures[1]).toMatchObject({ width: 200, height: 400, bytes: turned.length });
    const unreadable = warnings.find(({ kind }) => kind === 'unreadable');
    expect(unreadable).toMatchObject({ names: ['broken.png'] });
    expect(unreadable?.message).not.toContain(studio.work);
    expect(warnings.map(({ kind, names }) => `${kind}: ${names.join()}`)).toEqual([
      'unreadable: broken.png',
      'too small: small.png',
      'blurred: turned.jpg',
      ...(buckets ? [] : ['ratio cut: turned.jpg']),
      'few pictures: small.png,turned.jpg',
    ]);
  }
  const [, turnedPicture] = (await studio.ask('datasets.get', { id })).pictures;
  expect(turnedPicture).toMatchObject({ trainedWidth: 64, trainedHeight: 64 });
  expect(turnedPicture?.crop).toEqual({ x: 0, y: 100, width: 200, height: 200 });
  rmSync(join(folderOf(id), 'broken.png'));
  const sizes = [{ width: 64, height: 64 }];
  const trained = await loadPictures(folderOf(id), { captions: true, repeats: 1, sizes });
  expect(trained.pictures.map(({ name, framing }) => [name, framing.crop, framing.target])).toEqual(
    [
      ['small.png', { top: 0, left: 0 }, sizes[0]],
      // 200 x 400 becomes 64 x 128, of which 32 rows are above.
      ['turned.jpg', { top: 32, left: 0 }, sizes[0]],
    ],
  );
});

test.each<[string, Readonly<Record<string, unknown>>, string | readonly number[]]>([
  ['another size', { resolution: 128 }, [128, 128]],
  ['a published model', { base: 'stable-diffusion-v1-5/stable-diffusion-v1-5' }, [512, 512]],
  [
    'the larger one',
    { base: 'stabilityai/stable-diffusion-xl-base-1.0', buckets: true },
    [1024, 1024],
  ],
  ['a path in place of a model', { base: '/etc' }, 'NOT_HERE'],
  ['a size that is no whole number of latents', { resolution: 100 }, 'INPUT_INVALID'],
  ['a size beyond all', { resolution: 1e6 }, 'INPUT_INVALID'],
])('%s', async (_, cutting, expected) => {
  const asked = studio.ask('datasets.get', { id: 'pocket-teapot', ...cutting });
  if (typeof expected === 'string') {
    await expect(asked).rejects.toMatchObject({ code: expected });
  } else {
    const [first] = (await asked).pictures;
    expect([first?.trainedWidth, first?.trainedHeight]).toEqual(expected);
  }
});

test('captions of a list are shown as a training reads them, and others written before them', async () => {
  const id = await teapotSet('listed', 3);
  const list = join(folderOf(id), 'metadata.jsonl');
  const line = (name: string, text: string) => JSON.stringify({ file_name: name, text });
  writeFileSync(list, `${line('0.png', 'a  red {subject}')}\n${line('1.png', 'a blue one')}\n`);
  const captions = async (of = id) =>
    (await studio.ask('datasets.get', { id: of })).pictures.map((picture) => picture.caption);
  expect(await captions()).toEqual(['a red {subject}', 'a blue one', undefined]);
  const caption = (name: string, text: string) =>
    studio.ask('datasets.caption', { id, name, caption: text });
  await caption('1.png', 'a green one');
  expect(await captions()).toEqual(['a red {subject}', 'a green one', undefined]);
  const options = { captions: true, repeats: 1, sizes: [{ width: 64, height: 64 }] };
  const { pictures } = await loadPictures(folderOf(id), options);
  expect(pictures.map((picture) => picture.captions[0])).toEqual(await captions());
  for (const name of ['0.png', '1.png']) {
    await expect(caption(name, ' ')).rejects.toMatchObject({ code: 'CAPTION_LISTED' });
  }
  const copy = await studio.ask('datasets.create', { name: 'listed again', copyOf: id });
  expect(await captions(copy.id)).toEqual(await captions());
  writeFileSync(list, '{"file_name": "0.png"}\n');
  const { warnings } = await studio.ask('datasets.get', { id });
  expect(warnings).toContainEqual(
    expect.objectContaining({
      ...{ kind: 'unreadable', names: [] },
      failure: expect.objectContaining({ code: 'METADATA_INVALID' }),
    }),
  );
  // Beside a damaged list, too.
  await caption('0.png', 'a {subject}');
  expect(await captions()).toEqual(['a {subject}', 'a green one', undefined]);
});

test('captions lie beside pictures where a training reads them; those that none would take are refused', async () => {
  const id = await teapotSet('captions', 3);
  const caption = (name: string, text: string) =>
    studio.ask('datasets.caption', { id, name, caption: text });
  const captions = async () =>
    (await studio.ask('datasets.get', { id })).pictures.map((picture) => picture.caption);
  await caption('0.png', '  a {subject}\n on a table ');
  writeFileSync(join(folderOf(id), '1.caption'), 'older words');
  await caption('1.png', 'a blue {subject}');
  expect(readFileSync(join(folderOf(id), '1.caption'), 'utf8')).toBe('a blue {subject}\n');
  expect(await captions()).toEqual(['a {subject} on a table', 'a blue {subject}', undefined]);
  const { warnings } = await studio.ask('datasets.get', { id });
  expect(warnings).toMatchObject([{ kind: 'missing captions', names: ['2.png'] }]);
  const sizes = [{ width: 64, height: 64 }];
  const options = { captions: true, repeats: 1, sizes };
  const { pictures } = await loadPictures(folderOf(id), options);
  expect(pictures.map((picture) => picture.captions[0])).toEqual(await captions());
  await expect(caption('0.png', 'a {subjekt}')).rejects.toMatchObject({
    code: 'UNKNOWN_PLACEHOLDER',
  });
  await caption('1.png', ' ');
  expect(await captions()).toEqual(['a {subject} on a table', undefined, undefined]);
  const several = (captions: readonly (readonly [string, string])[]) =>
    studio.ask('datasets.captions', {
      id,
      captions: captions.map(([picture, text]) => ({ name: picture, caption: text })),
    });
  for (const refused of [['1.png', '{subjekt}'] as const, ['9.png', 'x'] as const]) {
    await expect(several([['0.png', 'lost'], refused])).rejects.toThrow();
    expect(await captions()).toEqual(['a {subject} on a table', undefined, undefined]);
  }
  await several([
    ['0.png', ''],
    ['2.png', 'a {subject}, in snow'],
  ]);
  expect(await captions()).toEqual([undefined, undefined, 'a {subject}, in snow']);
  for (const name of ['3.png', '../captions/0.png', 'dataset.json', '..', '0.txt', '0.png\0']) {
    await expect(caption(name, 'x')).rejects.toMatchObject({ code: 'NOT_HERE' });
  }
});

test('a frame is moved, trained, copied and taken back; the file stays as it is', async () => {
  const { id } = await studio.ask('datasets.create', { name: 'frames', className: 'teapot' });
  const wide = await sharp(teapots[0]).resize(128, 64, { fit: 'cover' }).png().toBuffer();
  await put(id, 'wide.png', wide);
  const frame = async (of: string) => {
    const [picture] = (await studio.ask('datasets.get', { id: of })).pictures;
    return [picture?.crop.x, picture?.isMoved];
  };
  const one = { id, name: 'wide.png' };
  expect(await frame(id)).toEqual([32, false]);
  await studio.ask('datasets.frame', { ...one, around: { x: 0.4, y: 0.5 } });
  await studio.ask('datasets.change', { id, name: 'Frames' });
  expect(await frame(id)).toEqual([19, true]);
  const { pictures } = await loadPictures(folderOf(id), {
    ...{ captions: false, repeats: 1, sizes: [{ width: 64, height: 64 }] },
  });
  expect(pictures[0]?.framing.crop).toEqual({ top: 0, left: 19 });
  expect(readFileSync(join(folderOf(id), 'wide.png'))).toEqual(wide);
  const copy = await studio.ask('datasets.create', { name: 'frames copied', copyOf: id });
  expect(await frame(copy.id)).toEqual([19, true]);
  await studio.ask('datasets.frame', { ...one, around: null });
  expect(await frame(id)).toEqual([32, false]);
  await studio.ask('datasets.frame', { ...one, around: { x: 0.4, y: 0.5 } });
  await studio.ask('datasets.remove-picture', one);
  await put(id, one.name, wide);
  // That was another picture's.
  expect(await frame(id)).toEqual([32, false]);
  for (const refused of [
    { ...one, around: { x: 2, y: 0 } },
    { ...one, name: 'dataset.json', around: null },
    { id: 'pocket-teapot', name: '1.png', around: null },
  ]) {
    await expect(studio.ask('datasets.frame', refused)).rejects.toThrow();
  }
});

test('a picture that is removed comes back with its text, under a free name', async () => {
  const id = await teapotSet('removed', 2);
  const ask = { id, name: '0.png' };
  await studio.ask('datasets.caption', { ...ask, caption: 'a {subject}' });
  await studio.ask('datasets.remove-picture', ask);
  expect(readdirSync(folderOf(id)).sort()).toEqual(['1.png', 'dataset.json']);
  expect((await studio.ask('datasets.list', {})).some(({ name }) => name.startsWith('.'))).toBe(
    false,
  );
  await put(id, '0.png', readFileSync(teapots[2] ?? ''));
  expect(await studio.ask('datasets.restore-picture', ask)).toEqual({ name: '0-2.png' });
  const { pictures } = await studio.ask('datasets.get', { id });
  expect(pictures.map(({ name, caption }) => [name, caption])).toEqual([
    ['0-2.png', 'a {subject}'],
    ['0.png', undefined],
    ['1.png', undefined],
  ]);
  await expect(studio.ask('datasets.restore-picture', ask)).rejects.toMatchObject({
    code: 'NOT_HERE',
  });
});

test('bundled sets stay as they are, and can be copied', async () => {
  const bundled = 'pocket-teapot';
  const { pictures, ...rest } = await studio.ask('datasets.get', { id: bundled });
  expect(rest).toMatchObject({ name: 'teapot', className: 'teapot', isBundled: true, count: 5 });
  const other = await studio.ask('datasets.get', { id: 'pocket-teddy_bear2' });
  expect(other).toMatchObject({ name: 'teddy bear 2', className: 'teddy bear' });
  const refused = { code: 'DATASET_BUNDLED' };
  const name = pictures[0]?.name ?? '';
  const one = { id: bundled, name };
  await expect(studio.ask('datasets.change', one)).rejects.toMatchObject(refused);
  await expect(studio.ask('datasets.remove', { id: bundled })).rejects.toMatchObject(refused);
  await expect(studio.ask('datasets.remove-picture', one)).rejects.toMatchObject(refused);
  await expect(studio.ask('datasets.caption', { ...one, caption: 'x' })).rejects.toMatchObject(
    refused,
  );
  const copy = await studio.ask('datasets.create', { name: 'teapot', copyOf: bundled });
  expect(copy).toMatchObject({ id: 'teapot', className: 'teapot', isBundled: false, count: 5 });
  expect(readFileSync(join(folderOf('teapot'), name))).toEqual(readFileSync(teapots[0] ?? ''));
});

test('names that are paths lead nowhere, and those that no page could show are refused', async () => {
  const before = readdirSync(studio.work).sort();
  for (const [name, id] of [
    ['../../outside', 'outside'],
    ['/etc/passwd', 'etc-passwd'],
    ['..', 'pictures'],
    ['C:\\x', 'C-x'],
    ['pocket-dog', 'pocket-dog-2'],
    ['ü'.repeat(120), 'ü'.repeat(40)],
  ] as const) {
    expect(await studio.ask('datasets.create', { name })).toMatchObject({ id, name });
    await studio.ask('datasets.remove', { id });
  }
  for (const name of ['a\0b', 'a\nb', '', '   ', 'x'.repeat(121)]) {
    await expect(studio.ask('datasets.create', { name })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  }
  expect(readdirSync(studio.work).sort()).toEqual(before);
});

test('sets made by hand are found, and damaged records are none', async () => {
  mkdirSync(folderOf('by hand'), { recursive: true });
  cpSync(teapots[0] ?? '', join(folderOf('by hand'), 'one.PNG'));
  writeFileSync(join(folderOf('by hand'), 'dataset.json'), '{"name": 3');
  const { name, pictures } = await studio.ask('datasets.get', { id: 'by hand' });
  expect([name, pictures.length]).toEqual(['by hand', 1]);
});
