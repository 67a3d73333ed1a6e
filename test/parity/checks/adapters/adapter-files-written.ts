/** @file Adapter files of other tools written again: the same tensors, and bytes where nothing leaves a choice. */
import type { AdapterTensors } from '../../../../src/adapters/index.ts';
import {
  type ForeignAdapter,
  readForeignAdapter,
  writeForeignAdapter,
} from '../../../../src/exchange/index.ts';
import { groupTensors } from '../../../../src/exchange/names/module-matching.ts';
import { ModuleNames } from '../../../../src/exchange/names/module-names.ts';
import type { Role } from '../../../../src/exchange/names/tensor-names.ts';
import {
  decodeSafetensors,
  type SafetensorsContent,
} from '../../../../src/formats/safetensors/safetensors.ts';
import type { Site } from '../../../../src/nn/index.ts';
import { sameShape, type Tensor } from '../../../../src/tensor/tensor.ts';
import { type Check, compared } from '../../check.ts';

/** A file of another tool and what was read of it. */
export interface ForeignContent extends SafetensorsContent {
  readonly bytes: Uint8Array;
  readonly adapter: ForeignAdapter;
}

const formats: Readonly<Record<ForeignAdapter['format'], string>> = {
  kohya: 'kohya',
  'kohya-sgm': 'kohya',
  lycoris: 'kohya',
  comfyui: 'kohya',
  diffusers: 'diffusers',
  processor: 'diffusers',
  bare: 'diffusers',
  peft: 'peft',
  embedding: 'embedding',
};

/** Cores of convolutions are folded when they are read, so their modules are written otherwise. */
const cores: readonly Role[] = ['mid', 'lokr_t2', 'hada_t1', 'hada_t2'];

/**
 * Writes an adapter in the format it was read from, and counts the tensors that come out otherwise: those of the
 * file, and ours after reading it once more. A file of the same names and one line of metadata has the same bytes.
 */
export function checkWritten(
  name: string,
  { bytes, tensors, metadata, adapter }: ForeignContent,
  sites: readonly Site[],
): Check {
  const isPublished = adapter.placed.some((each) => each.adapter.options.layout === 'reference');
  const files = writeForeignAdapter(
    { ...adapter, base: { name: 'fixture', sites: sites.length } },
    isPublished ? 'official' : formats[adapter.format],
    { sites, metadata, blocks: adapter.format === 'kohya-sgm' ? 'sgm' : 'diffusers' },
  );
  const [path = '', written = new Uint8Array()] =
    [...files].find(([file]) => file.endsWith('.safetensors')) ?? [];
  const configuration = files.get('adapter_config.json');
  const config = configuration && JSON.parse(new TextDecoder().decode(configuration));
  const again = decodeSafetensors(written, path);
  const reread = readForeignAdapter(again.tensors, again.metadata, { sites, where: path, config });
  const names = new ModuleNames(sites);
  const different = [
    ...differing(comparable(tensors, names), comparable(again.tensors, names)),
    ...differing(adapter.tensors, reread.tensors),
  ];
  const sameNames = [...tensors.keys()].every((key) => again.tensors.has(key));
  const leavesNoChoice = sameNames && Object.keys(metadata).length === 1;
  const check = compared(`${name}/written`, different.length, 0);
  if (!leavesNoChoice || Buffer.compare(bytes, written) === 0) return check;
  return { ...check, status: 'failed', note: 'other bytes' };
}

/** Tensors by site and role, whatever the file calls them. */
function comparable(tensors: ReadonlyMap<string, Tensor>, names: ModuleNames): AdapterTensors {
  const found = new Map<string, Tensor<'f32'>>();
  for (const [name, roles] of groupTensors(tensors, 'the file').modules) {
    const [match] = names.find(name);
    const isFull = roles.has('lokr_w1') && roles.has('lokr_w2');
    if (cores.some((core) => roles.has(core))) continue;
    for (const [role, tensor] of roles) {
      // Readers ignore alpha where both factors are full.
      if (!(isFull && role === 'alpha')) found.set(`${match?.module}.${role}`, tensor);
    }
  }
  return found;
}

/** Names in the first whose tensors the second lacks, or has otherwise. */
function differing(first: AdapterTensors, second: AdapterTensors): readonly string[] {
  return [...first].flatMap(([name, a]) => {
    const b = second.get(name);
    const isSame =
      b !== undefined &&
      sameShape(a.shape, b.shape) &&
      a.data.every((value, i) => Object.is(value, b.data[i]));
    return isSame ? [] : [name];
  });
}
