/** @file Converting adapters: into the format of another tool, exactly or in another form, checked by reading it again. */
import { type AdapterFile, encodeAdapterFile, type PlacedAdapter } from '../adapters/index.ts';
import { AdapterError, ConfigError, KronaError } from '../base/errors.ts';
import { required } from '../base/required.ts';
import type { PredictionType } from '../diffusion/scheduler-config.ts';
import { type WriteOptions, type WrittenFiles, writeForeignAdapter } from '../exchange/index.ts';
import { openAdapter } from '../pipeline/adapters/adapter-file.ts';
import { dirname, join } from '../platform/paths.ts';
import { writeNewFile } from '../storage/files/atomic-file.ts';
import { writeFolderAtomic } from '../storage/files/atomic-folder.ts';
import { createFolder } from '../storage/files/folders.ts';
import { requireEmptyFolder, requireNewFile } from '../storage/files/new-path.ts';
import { isTensorFileName } from '../storage/weights/tensor-file.ts';
import type { StoredDType } from '../tensor/half.ts';
import {
  adapterInForm,
  type FittingBase,
  type FittingHost,
  type WantedForm,
} from './adapter-in-form.ts';
import { errorsBetween, type SiteError } from './site-errors.ts';
import { type TargetName, targetOf } from './targets.ts';
import { writeDifferences } from './write-differences.ts';

export interface ConvertOptions {
  readonly file: AdapterFile;
  readonly to: TargetName;
  /** The form to bring it into. @default as it is */
  readonly form?: WantedForm | undefined;
  readonly base: ConversionBase;
  /** A file that ends in .safetensors, or a new folder. */
  readonly out: string;
  /** @default 'f32' */
  readonly dtype?: StoredDType | undefined;
  /** How kohya's names call the UNet's blocks. @default as most tools expect: sgm for SDXL, diffusers otherwise */
  readonly blocks?: 'diffusers' | 'sgm' | undefined;
}

export interface ConversionBase extends FittingBase {
  /** What the base predicts, where it is known. */
  readonly prediction?: PredictionType | undefined;
}

/** A path that ends so is a file, any other a folder. */
const fileEnding = '.safetensors';

/** What was written. */
export interface Conversion {
  /** Paths of the files. */
  readonly paths: readonly string[];
  /** The adapter as it was read again. */
  readonly placed: readonly PlacedAdapter[];
  /** What it differs by from the one it was made of; undefined where that needs weights of the base, which are not there. */
  readonly errors: readonly SiteError[] | undefined;
}

/**
 * Converts an adapter and writes it, whole or not at all.
 *
 * @throws AdapterError FORMAT_UNFIT with the forms that the format can hold, DTYPE_RANGE
 * @throws ConfigError OUT_EXISTS, FORM_UNFIT, RANK_MISSING, OUT_NEEDS_FOLDER, DTYPE_OF_FORMAT
 * @throws RunError FOLDER_NOT_EMPTY
 * @throws SystemError where it cannot be written
 */
export async function convertAdapter(
  options: ConvertOptions,
  host: FittingHost = {},
): Promise<Conversion> {
  const { file, to, base, out } = options;
  await (isTensorFileName(out) ? requireNewFile(out) : requireEmptyFolder(out));
  if (options.form !== undefined) requireHeld(to, options.form.as);
  requirePrecision(options);
  const form = to === 'diff' ? { as: to } : options.form;
  if (form?.as === 'diff' && areDifferences(options)) {
    await createFolder(dirname(out));
    const written = { path: out, file, base, write: writeOptions(options) };
    return { paths: [out], ...(await writeDifferences(written, host)) };
  }
  const formed =
    form === undefined ? file : { ...file, ...(await adapterInForm(file, form, base, host)) };
  const files = encoded(formed, options);
  const paths = await write(out, files);
  const reopened = await openAdapter(paths.length === 1 ? required(paths, 0) : out);
  const { file: again } = reopened.on(base.sites);
  return { paths, placed: again.placed, errors: await measured(again, file, base) };
}

/** Whether differences make one file, which can be written a few at a time. */
function areDifferences({ to, out, file }: ConvertOptions): boolean {
  const hasWords = file.placed.some(({ sites }) => sites.some(({ kind }) => kind === 'table'));
  return targetOf(to).writer === 'kohya' && out.endsWith(fileEnding) && !hasWords;
}

/** @throws ConfigError FORM_UNFIT */
function requireHeld(to: TargetName, as: WantedForm['as']): void {
  const { forms } = targetOf(to);
  if (forms.includes(as)) return;
  throw new ConfigError(
    'FORM_UNFIT',
    `${to} holds no ${as}; ${forms.length === 0 ? 'leave `as` out' : `use ${forms.map((each) => `\`as: ${each}\``).join(' or ')}`}`,
  );
}

/** @throws ConfigError DTYPE_OF_FORMAT */
function requirePrecision({ to, dtype = 'f32' }: ConvertOptions): void {
  if (dtype === 'f32' || targetOf(to).writer !== undefined) return;
  throw new ConfigError(
    'DTYPE_OF_FORMAT',
    `our own files hold f32, so that training can go on; leave \`dtype: ${dtype}\` out, or write kohya`,
  );
}

function encoded(file: AdapterFile, options: ConvertOptions): WrittenFiles {
  const { to } = options;
  const { writer } = targetOf(to);
  if (writer === undefined) return new Map([['adapter.safetensors', encodeAdapterFile(file)]]);
  try {
    return writeForeignAdapter(file, writer, writeOptions(options));
  } catch (error) {
    throw error instanceof AdapterError && error.code === 'FORMAT_UNFIT'
      ? withAdvice(error, file, to)
      : error;
  }
}

function writeOptions({ base, dtype, blocks }: ConvertOptions): WriteOptions {
  const { sites, prediction } = base;
  return {
    sites,
    ...(dtype === undefined ? {} : { dtype }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(prediction === undefined ? {} : { prediction }),
  };
}

/** The refusal of a format, with the settings that go on from there. */
function withAdvice(refusal: AdapterError, { placed }: AdapterFile, to: TargetName): AdapterError {
  const isKronecker = placed.every(({ adapter }) => adapter.method === 'krona');
  const advice: Readonly<Record<WantedForm['as'], string>> = {
    lora: isKronecker
      ? '`as: lora`              exactly, as the LoRA of rank(A)·rank(B) that it is\n  `as: lora, rank: 8`     the nearest LoRA of a rank'
      : '`as: lora, rank: 8`     the nearest LoRA of a rank',
    krona: '`as: krona, a1: 16, a2: 16`   the nearest Kronecker product',
    diff: '`as: diff`              every change as a whole matrix, which is large',
  };
  const ways = targetOf(to).forms.map((as) => `\n  ${advice[as]}`);
  return new AdapterError(
    refusal.code,
    ways.length === 0
      ? refusal.message
      : `${refusal.message}\nwhat the format ${to} can hold:${ways.join('')}`,
    { cause: refusal },
  );
}

/** Paths of the files that it writes. */
async function write(out: string, files: WrittenFiles): Promise<readonly string[]> {
  const names = [...files.keys()];
  const [content] = files.values();
  await createFolder(dirname(out));
  if (!out.endsWith(fileEnding)) {
    await writeFolderAtomic(out, files);
    return names.map((name) => join(out, name));
  }
  if (names.length === 1 && content !== undefined) {
    await writeNewFile(out, content);
    return [out];
  }
  throw new ConfigError(
    'OUT_NEEDS_FOLDER',
    `out: ${out}: this makes ${names.length} files (${names.join(', ')}); give a new folder`,
  );
}

/** What the written adapter differs by; undefined where only the weights of the base could tell. */
async function measured(
  written: AdapterFile,
  file: AdapterFile,
  { readWeight }: ConversionBase,
): Promise<readonly SiteError[] | undefined> {
  try {
    return await errorsBetween(written, file, readWeight);
  } catch (error) {
    if (error instanceof KronaError && error.code === 'BASE_WEIGHTS') return undefined;
    throw error;
  }
}
