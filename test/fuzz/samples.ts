/** @file Makes the sound files that cases damage: a run, its adapter in every format, pictures. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { pocketFolder } from '../../src/data/pocket.ts';
import { krona } from '../cli/terminal.ts';
import { fixturePath, fixturesFolder } from '../fixtures.ts';
import { linkBase } from '../peers/linked-base.ts';
import { type Samples, words } from './target.ts';

const teapot = join(pocketFolder(), 'subjects', 'teapot');

async function must(argv: readonly string[]): Promise<void> {
  const { code, err } = await krona(argv);
  if (code !== 0) throw new Error(`krona ${argv.join(' ')}: ${err}`);
}

async function makePictures(folder: string): Promise<void> {
  mkdirSync(folder);
  const source = readFileSync(join(teapot, '00.png'));
  writeFileSync(join(folder, 'plain.png'), source);
  const picture = () => sharp(source).resize(96, 80, { fit: 'fill' });
  await picture()
    .jpeg()
    .withExif({ IFD0: { Orientation: '6' } })
    .toFile(join(folder, 'turned.jpg'));
  await picture()
    .jpeg({ progressive: true, chromaSubsampling: '4:4:4' })
    .toFile(join(folder, 'progressive.jpg'));
  await picture().webp().toFile(join(folder, 'lossy.webp'));
  await picture().webp({ lossless: true }).toFile(join(folder, 'lossless.webp'));
  await picture().png({ palette: true }).toFile(join(folder, 'palette.png'));
  await picture().ensureAlpha(0.5).png().toFile(join(folder, 'alpha.png'));
  await picture().gif().toFile(join(folder, 'moving.gif'));
  await picture().tiff().toFile(join(folder, 'print.tiff'));
  copyFileSync(fixturePath('heic/turned.heic'), join(folder, 'phone.heic'));
}

/** Files of other tools, for the tiny models that the references were made with. */
function foreignAdapters(): readonly string[] {
  const folder = fixturePath('adapter-files');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.name.endsWith('.safetensors'))
    .filter(({ name }) => name !== 'expected.safetensors')
    .map(({ name }) => join(folder, name));
}

/** Makes the samples in a folder that does not exist yet. */
export async function makeSamples(folder: string): Promise<Samples> {
  mkdirSync(folder, { recursive: true });
  const run = join(folder, 'run');
  const training = [
    '--images',
    teapot,
    '--subject',
    'sks teapot',
    '--steps',
    '2',
    '--batch-size',
    '1',
  ];
  await must([
    'train',
    ...training,
    ...words`--a1 16 --a2 16 --warmup-steps 0 --checkpoint-every 1 --out ${run}`,
  ]);
  const lora = join(folder, 'lora');
  await must(['train', ...training, '--adapter', 'lora', '--rank', '2', '--out', lora]);
  const adapters = [join(run, 'adapter.safetensors')];
  for (const source of [run, lora]) {
    for (const format of ['kohya', 'diffusers', 'peft', 'diff']) {
      if (source === run && format === 'diffusers') continue;
      const isFolder = format === 'peft' || format === 'diffusers';
      const name = `${source === run ? 'krona' : 'lora'}-${format}${isFolder ? '' : '.safetensors'}`;
      await must(['convert', source, '--to', format, '--out', join(folder, name)]);
      adapters.push(join(folder, name));
    }
  }
  const pictures = join(folder, 'pictures');
  await makePictures(pictures);
  await must([
    'generate',
    '--run',
    run,
    '--prompt',
    'a {subject}',
    '--count',
    '1',
    '--steps',
    '1',
    '--out',
    join(folder, 'drawn'),
  ]);
  for (const name of readdirSync(join(folder, 'drawn')).filter((each) =>
    /^\d.*\.png$/.test(each),
  )) {
    writeFileSync(join(pictures, 'drawn.png'), readFileSync(join(folder, 'drawn', name)));
  }
  const referenceBase = join(folder, 'reference-base');
  await linkBase(referenceBase, 'sd15', fixturesFolder);
  return { run, adapters, foreignAdapters: foreignAdapters(), referenceBase, pictures };
}
