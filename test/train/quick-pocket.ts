/** @file The bundled model as a base of its own that recommends few steps of drawing, for runs that draw on the way. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filesOf, keptFolder, root } from '../programs/kept-folder.ts';

const pocket = 'models/pocket';
const recommendation = join(pocket, 'krona.json');
const drawing = { steps: 2, guidance: 5 };

/** The folder of a model with the weights of the bundled one, and all that it recommends but for the steps of a picture. */
export async function quickPocket(): Promise<string> {
  const parts = ['scheduler', 'text_encoder', 'tokenizer', 'unet', 'vae', 'model_index.json'];
  const files = await filesOf([recommendation, ...parts.map((part) => join(pocket, part))]);
  return await keptFolder('quick-pocket', { values: drawing, files }, async (folder) => {
    for (const path of files) {
      const out = join(folder, path.slice(pocket.length));
      await mkdir(dirname(out), { recursive: true });
      await cp(join(root, path), out);
    }
    const stated = JSON.parse(await readFile(join(root, recommendation), 'utf8'));
    const own = JSON.stringify({ ...stated, generate: drawing });
    await writeFile(join(folder, 'krona.json'), own);
  });
}
