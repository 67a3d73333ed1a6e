/** @file Reading adapters of other tools: sd-scripts, LyCORIS, ComfyUI, diffusers, PEFT, the published DiffuseKronA. */
import { describeForeignFile } from '../adapters/file/foreign-file.ts';
import { unreadMethodOf } from '../adapters/file/unread-methods.ts';
import {
  type AdapterTensors,
  type PlacedAdapter,
  placeTogether,
  requireFinite,
} from '../adapters/index.ts';
import { AdapterError, FormatError } from '../base/errors.ts';
import type { Site } from '../nn/index.ts';
import { elementCount, formatShape, type Tensor } from '../tensor/tensor.ts';
import { isEmbedding, readEmbedding } from './methods/embedding-tensors.ts';
import { type ForeignModule, notFiniteAdvice, type SiteReading } from './methods/foreign-module.ts';
import { methodTitles, readModule } from './methods/known-methods.ts';
import { refuseOtherBase, unmatchedError } from './names/base-mismatch.ts';
import { groupTensors, matchModules, type Tolerance } from './names/module-matching.ts';
import { ModuleNames, type NameStyle } from './names/module-names.ts';
import { headerStatements, peftStatement, type Statement } from './strength/stated-strength.ts';
import { StrengthNotes } from './strength/strength-notes.ts';
import { type PeftConfig, parseDiffusersMetadata, parsePeftConfig } from './tools/peft-config.ts';

export interface ReadOptions {
  /** Every site of the base, of all its parts. */
  readonly sites: readonly Site[];
  /** Names the file in errors. */
  readonly where: string;
  /** The content of PEFT's adapter_config.json beside the file, parsed. */
  readonly config?: unknown;
  /** The part of the pipeline that names without one belong to. @default as the configuration says, or the UNet */
  readonly part?: string | undefined;
  /** The word that an embedding stands for, where the file does not say, such as its name without ending. */
  readonly token?: string;
  /** The method that it must be of. @default any */
  readonly expected?: string | undefined;
  /** What to overlook. @default nothing */
  readonly tolerate?: readonly Tolerance[];
}

/** An adapter of another tool. */
export interface ForeignAdapter {
  /** Methods with options, each with its sites. */
  readonly placed: readonly PlacedAdapter[];
  readonly tensors: AdapterTensors;
  /** How the file names its modules, the most frequent way first where there are several. */
  readonly format: NameStyle | 'embedding';
  /** What was decided without the user, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads the tensors of another tool's adapter, recognised by what they are.
 *
 * @throws AdapterError ADAPTER_BASE, UNMATCHED_TENSORS, MIXED_NAMES, ALPHA_MISSING, METHOD_UNEXPECTED, METHOD_UNREAD,
 *   ADAPTER_NOT_FINITE or what a module has wrong
 * @throws FormatError NOT_AN_ADAPTER saying what the file is instead, PEFT_CONFIG or
 *   PEFT_CONFIG_MISSING
 */
export function readForeignAdapter(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
  options: ReadOptions,
): ForeignAdapter {
  const { sites, where, tolerate = [], expected } = options;
  refuseUnread(tensors, options);
  refuseEmpty(tensors, where);
  if (isEmbedding(tensors)) {
    const readings = readEmbedding(tensors, { sites, where, token: options.token });
    return { ...assembled(readings, { sites, expected, where }), format: 'embedding', notes: [] };
  }
  const names = new ModuleNames(sites);
  const groups = groupTensors(tensors, where);
  if (groups.modules.size === 0) {
    const ofPeft = [...tensors.keys()].filter((name) => name.startsWith('base_model.model.'));
    if (ofPeft.length > 0) throw unreadMethod(where, 'PEFT, of a method of its own', ofPeft);
    throw new FormatError(
      'NOT_AN_ADAPTER',
      `${where}: expected an adapter, found ${describeForeignFile(tensors)}`,
    );
  }
  refuseOtherBase(groups, sites, where);
  const notes = new StrengthNotes();
  const stated = statedBeside(metadata, options);
  const matched = matchModules(groups, { names, where, tolerate, notes, ...stated });
  const unmatched = {
    modules: matched.unmatched,
    others: groups.others,
    total: groups.modules.size,
  };
  const left = unmatched.modules.length + unmatched.others.length;
  if (matched.modules.length === 0 || (left > 0 && !tolerate.includes('unmatched'))) {
    throw unmatchedError(unmatched, names, where);
  }
  if (matched.styles.has('peft') && !matched.modules.every(isStated)) requireConfiguration(options);
  const [format = 'bare'] = matched.styles;
  return {
    ...assembled(matched.modules.flatMap(readModule), { sites, expected, where }),
    format,
    notes: [
      ...(left === 0
        ? []
        : [`${where}: ${left} modules or tensors that the base does not have were left out`]),
      ...notes.lines(where),
    ],
  };
}

/** What is stated beside the tensors, and the part it is for. */
interface Stated {
  /** What PEFT says of a part. */
  readonly config: (part: string) => PeftConfig | undefined;
  readonly part: string;
  /** Where alpha stands, in the order in which it is followed. */
  readonly statements: readonly Statement[];
}

function statedBeside(
  metadata: Readonly<Record<string, string>>,
  { config: json, part, where }: ReadOptions,
): Stated {
  const text = metadata.lora_adapter_metadata;
  const parts = text === undefined ? new Map() : parseDiffusersMetadata(text, where);
  const ofHeader = (name: string) => parts.get(name);
  const inHeader = [
    ...(text === undefined ? [] : [peftStatement('the header (lora_adapter_metadata)', ofHeader)]),
    ...headerStatements(metadata, where),
  ];
  if (json === undefined) {
    return { config: ofHeader, part: part ?? 'unet', statements: inHeader };
  }
  const config = parsePeftConfig(json, where);
  return {
    config: () => config,
    part: part ?? config.part ?? 'unet',
    statements: [peftStatement('adapter_config.json', () => config), ...inHeader],
  };
}

/** Whether all is known that PEFT keeps beside the tensors. */
function isStated({ tensors, peft, statements, statedFor }: ForeignModule): boolean {
  if (peft !== undefined) return true;
  const hasAlpha = tensors.has('alpha') || statements.some(({ at }) => at(statedFor) !== undefined);
  return hasAlpha && !tensors.has('oft_R');
}

/** @throws AdapterError ADAPTER_SHAPE where a tensor has no numbers: no method has a rank of 0 */
function refuseEmpty(tensors: ReadonlyMap<string, Tensor>, where: string): void {
  for (const [name, { shape }] of tensors) {
    if (elementCount(shape) > 0) continue;
    throw new AdapterError(
      'ADAPTER_SHAPE',
      `${where}: "${name}": its shape ${formatShape(shape)} has no numbers; the file was written wrongly: take another copy of it`,
    );
  }
}

/** @throws AdapterError METHOD_UNREAD where tensors are of a method that has no reader, unless they may be left out */
function refuseUnread(
  tensors: ReadonlyMap<string, Tensor>,
  { where, tolerate = [] }: ReadOptions,
): void {
  const found = [...tensors.keys()].flatMap((name) => {
    const method = unreadMethodOf(name);
    return method === undefined ? [] : [{ name, title: method.title }];
  });
  if (found.length === 0 || tolerate.includes('unmatched')) return;
  const titles = [...new Set(found.map(({ title }) => title))].join(' and ');
  const names = found.map(({ name }) => name);
  throw unreadMethod(where, titles, names);
}

function unreadMethod(where: string, title: string, names: readonly string[]): AdapterError {
  const count =
    names.length === 1 ? 'is its tensor' : `and ${names.length - 1} more are its tensors`;
  return new AdapterError(
    'METHOD_UNREAD',
    `${where}: an adapter of ${title} ("${names[0]}" ${count}), a method that is not read here; read are ${methodTitles.join(', ')}: have the tool that wrote it convert it to one of these, or merge it into a checkpoint there`,
  );
}

/** @throws FormatError PEFT_CONFIG_MISSING unless a missing scale is tolerated */
function requireConfiguration({ where, tolerate = [] }: ReadOptions): void {
  if (tolerate.includes('missing-alpha')) return;
  throw new FormatError(
    'PEFT_CONFIG_MISSING',
    `${where}: an adapter of PEFT without its adapter_config.json, which says how strong it is; give the folder that holds both, or tolerate "missing-alpha" to take a scale of 1`,
  );
}

/** Sites of equal method and options together, in the order of the base. */
function assembled(
  readings: readonly SiteReading[],
  { sites, expected, where }: Pick<ReadOptions, 'sites' | 'expected' | 'where'>,
): Pick<ForeignAdapter, 'placed' | 'tensors'> {
  for (const reading of readings) requireExpected(reading, expected, where);
  const placed = placeTogether(readings, sites);
  requireFinite(placed.tensors, where, notFiniteAdvice);
  return placed;
}

function requireExpected({ method }: SiteReading, expected: string | undefined, where: string) {
  if (expected === undefined || method === expected) return;
  throw new AdapterError(
    'METHOD_UNEXPECTED',
    `${where}: expected an adapter of the method ${expected}, found ${method}; say ${method}, or leave it to the file`,
  );
}
