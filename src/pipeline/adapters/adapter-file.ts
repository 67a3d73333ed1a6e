/** @file Adapters on disk: a file of ours or of any other tool, or a folder of PEFT's or diffusers'. */
import { requireFitting } from '../../adapters/file/adapter-file-format.ts';
import { isAdapterMetadata } from '../../adapters/file/file-metadata.ts';
import { type AdapterFile, decodeAdapterFile } from '../../adapters/index.ts';
import { FormatError } from '../../base/errors.ts';
import { type ReadOptions, readForeignAdapter } from '../../exchange/index.ts';
import type { Site } from '../../nn/index.ts';
import { basename, dirname, extname, join } from '../../platform/paths.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { readJson, readJsonIfPresent } from '../../storage/files/json-file.ts';
import { withTemporaryFiles } from '../../storage/files/temporary-folder.ts';
import {
  isTensorFileName,
  openTensorFile,
  type TensorFile,
} from '../../storage/weights/tensor-file.ts';
import { readPlace } from '../../storage/weights/weight-place.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** What a user may say of another tool's file. */
export type ForeignOptions = Pick<ReadOptions, 'part' | 'expected' | 'tolerate'>;

/** An adapter for a base. */
export interface OpenedAdapter {
  readonly file: AdapterFile;
  /** `krona`, or how another tool's file names its modules. */
  readonly format: string;
  /** What was decided without the user, one sentence each. */
  readonly notes: readonly string[];
}

/** An adapter whose base is still to be chosen. */
export interface UnplacedAdapter {
  /** The base that the file names; undefined for files of other tools, which name none that could be opened. */
  readonly trainedOn: string | undefined;
  /** One, or one of each part of the pipeline; not there any more where bytes were given. */
  readonly files: readonly TensorFile[];
  /**
   * Reads it for the sites of a base.
   *
   * @throws AdapterError or FormatError where it is not for this base or broken
   */
  on(sites: readonly Site[], options?: ForeignOptions): OpenedAdapter;
}

/**
 * Opens an adapter.
 *
 * @param source a file of tensors or its bytes, or a folder that holds one: an adapter_model.safetensors with its
 *   adapter_config.json, folders of these for the parts of the pipeline, or a file under a name that tools give it
 * @throws SystemError where it cannot be read
 * @throws FormatError NOT_AN_ADAPTER where a folder holds none, or what is wrong with a file
 */
export async function openAdapter(source: string | Uint8Array): Promise<UnplacedAdapter> {
  if (typeof source === 'string') return await openPath(source);
  const name = 'adapter.safetensors';
  return await withTemporaryFiles(new Map([[name, source]]), (folder) =>
    openPath(join(folder, name)),
  );
}

async function openPath(path: string): Promise<UnplacedAdapter> {
  const files = isTensorFileName(path) ? [await besideConfiguration(path)] : await inFolder(path);
  const opened = await Promise.all(files.map(openFile));
  const sources = opened.map(({ source }) => source);
  const [first] = opened;
  if (first?.own !== undefined) {
    const file = decodeAdapterFile(first.own, first.path);
    return {
      trainedOn: file.base.name,
      files: sources,
      on: (sites) => {
        requireFitting(file, sites, first.path);
        return { file, format: 'krona', notes: [] };
      },
    };
  }
  return {
    trainedOn: undefined,
    files: sources,
    on: (sites, options) => joined(opened, sites, options),
  };
}

/** A file of an adapter, and what lies beside it. */
interface FilePlace {
  readonly path: string;
  /** The parsed adapter_config.json. */
  readonly config?: unknown;
  readonly part?: string;
}

interface OpenFile extends FilePlace {
  readonly source: TensorFile;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The bytes of a file of ours. */
  readonly own: Uint8Array | undefined;
}

async function openFile(place: FilePlace): Promise<OpenFile> {
  const source = await openTensorFile(place.path);
  if (isAdapterMetadata(source.metadata)) {
    return { ...place, source, tensors: new Map(), own: await readBytes(place.path) };
  }
  const tensors = new Map<string, Tensor>();
  for (const [name, tensor] of source.places) tensors.set(name, await readPlace(tensor));
  return { ...place, source, tensors, own: undefined };
}

/** What the files of all parts say, as one adapter. */
function joined(
  files: readonly OpenFile[],
  sites: readonly Site[],
  options: ForeignOptions = {},
): OpenedAdapter {
  const parts = files.map(({ path, source, tensors, config, part }) =>
    readForeignAdapter(tensors, source.metadata, {
      ...options,
      sites,
      where: path,
      config,
      part: part ?? options.part,
      token: basename(path, extname(path)),
    }),
  );
  const name = files.map(({ source }) => source.metadata.ss_sd_model_name).find((each) => each);
  return {
    file: {
      placed: parts.flatMap(({ placed }) => placed),
      tensors: new Map(parts.flatMap(({ tensors }) => [...tensors])),
      base: { name: name ?? 'a base that the file does not name', sites: sites.length },
    },
    format: parts[0]?.format ?? 'bare',
    notes: parts.flatMap(({ notes }) => notes),
  };
}

const configurationName = 'adapter_config.json';
const modelNames = ['adapter_model.safetensors', 'adapter_model.bin'];
const partNames = ['unet', 'text_encoder', 'text_encoder_2'];
/** Names that tools give adapters in folders of their own, ours first. */
const usualNames = [
  'adapter.safetensors',
  'pytorch_lora_weights.safetensors',
  'pytorch_lora_weights.bin',
  'learned_embeds.safetensors',
  'learned_embeds.bin',
];

async function besideConfiguration(path: string): Promise<FilePlace> {
  if (!modelNames.includes(basename(path))) return { path };
  const what = 'adapter configuration';
  return { path, config: await readJsonIfPresent(join(dirname(path), configurationName), what) };
}

async function inFolder(folder: string): Promise<readonly FilePlace[]> {
  const whole = await ofPeft(folder);
  if (whole !== undefined) return [whole];
  const parts = await Promise.all(partNames.map((part) => ofPeft(join(folder, part), part)));
  const found = parts.filter((part) => part !== undefined);
  if (found.length > 0) return found;
  const names = await namesIn(folder);
  const usual = usualNames.find((name) => names.includes(name));
  if (usual !== undefined) return [{ path: join(folder, usual) }];
  throw new FormatError(
    'NOT_AN_ADAPTER',
    `${folder}: expected a .safetensors file, or a folder with ${[configurationName, ...usualNames].join(', ')}, found ${names.slice(0, 5).join(', ') || 'nothing'}`,
  );
}

/** PEFT's files in a folder; undefined where it is none of PEFT's. */
async function ofPeft(folder: string, part?: string): Promise<FilePlace | undefined> {
  const names = await namesIn(folder);
  const model = modelNames.find((name) => names.includes(name));
  if (model === undefined || !names.includes(configurationName)) return undefined;
  const config = await readJson(join(folder, configurationName), 'adapter configuration');
  return { path: join(folder, model), config, ...(part === undefined ? {} : { part }) };
}
