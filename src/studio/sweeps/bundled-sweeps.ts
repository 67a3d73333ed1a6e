/** @file The sweeps that came with the package, each as one file that a page can show. */
import { readExtended } from '../../experiments/sweep/spec/read-spec.ts';
import { formatYaml } from '../../formats/yaml-text.ts';
import { join, packageFile } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import type { BundledSweep } from '../interface/experiment-operations.ts';

let known: Promise<readonly BundledSweep[]> | undefined;

/** Those that a page can begin: on the bundled model and its subjects. */
export function bundledSweeps(): Promise<readonly BundledSweep[]> {
  known ??= read();
  return known;
}

const ending = '.pocket.yaml';

async function read(): Promise<readonly BundledSweep[]> {
  const folder = packageFile('experiments');
  const names = (await namesIn(folder)).filter((name) => name.endsWith(ending));
  const { compare } = new Intl.Collator('en', { numeric: true });
  return await Promise.all([...names].sort(compare).map((name) => bundled(folder, name)));
}

async function bundled(folder: string, file: string): Promise<BundledSweep> {
  const { title, item, about, base, ...others } = await readExtended(join(folder, file));
  return {
    name: file.replace(/\.yaml$/, ''),
    title: String(title),
    item: item === undefined ? undefined : String(item),
    base: String(base),
    source: formatYaml({
      ...{ title },
      ...(item === undefined ? {} : { item }),
      ...(about === undefined ? {} : { about }),
      ...{ base, ...others },
    }),
  };
}
