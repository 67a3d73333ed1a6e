/** @file `npm run derive`: writes the files that follow from the sources. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { derivedFiles, root } from './derived-files.ts';

for (const [path, text] of derivedFiles()) writeFileSync(join(root, path), text);
