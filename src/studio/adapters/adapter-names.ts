/** @file Adapters by what settings inside pictures call them. */
import { basename, dirname, extname } from '../../platform/paths.ts';
import { runNames } from '../../train/folder/run-folder.ts';
import type { AdapterFile } from './adapter-files.ts';

/**
 * What people call an adapter of which only its file's name is known: `dog` of `runs/dog/adapter.safetensors`, of
 * `dog.safetensors`, and of `dog`.
 */
export function nameOfAdapter(file: string): string {
  const path = file.replaceAll('\\', '/');
  const name = basename(path);
  if (name === runNames.adapter && path.includes('/')) return basename(dirname(path));
  return ['.safetensors', '.pt', '.ckpt', '.bin'].includes(extname(name))
    ? basename(name, extname(name))
    : name;
}

/** The adapter that settings mean, the latest where several have the name; undefined where none is here. */
export function adapterNamed(
  files: readonly AdapterFile[],
  named: string,
): AdapterFile | undefined {
  const name = nameOfAdapter(named).toLowerCase();
  return (
    files.find(({ within }) => within === named) ??
    files.find((file) => file.name.toLowerCase() === name)
  );
}
