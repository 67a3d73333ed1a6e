/** @file What the parts are measured with, and the machine as it is noted down. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { families, isFamilyName, openFamilyConfig } from '../../src/models/families.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { nativeSide } from '../../src/pipeline/draw/picture-size.ts';
import { root } from '../../test/programs/kept-folder.ts';
import type { Setup } from './measurements.ts';

/** What the command was told. */
export interface Setting {
  /** As `krona --base`. */
  readonly base: string;
  /** Of the pictures in pixels. */
  readonly side: number;
  readonly setup: Setup;
  /** Of headlines, and of points of curves. */
  readonly pairs: number;
  readonly curvePairs: number;
  readonly python: string;
  readonly compiled: boolean;
  /** Its program. */
  readonly stableDiffusionCpp: string | undefined;
}

/** Opens the base and looks at the machine. */
export async function openSetting(
  options: Omit<Setting, 'side' | 'setup'> & { readonly side: number | undefined },
  today: Date,
): Promise<Setting> {
  const base = await openBaseModel(options.base);
  const git = ['rev-parse', '--short', 'HEAD'];
  const runtime = join(root, 'node_modules', 'onnxruntime-node', 'package.json');
  const setup: Setup = {
    date: today.toISOString().slice(0, 10),
    commit: execFileSync('git', git, { cwd: root, encoding: 'utf8' }).trim(),
    processor: cpus()[0]?.model ?? 'unknown',
    threads: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.versions.node,
    onnxruntime: JSON.parse(readFileSync(runtime, 'utf8')).version,
    base: (await familyTitle(base.unet.config)) ?? basename(options.base),
  };
  return { ...options, side: options.side ?? nativeSide(base), setup };
}

async function familyTitle(config: object): Promise<string | undefined> {
  const text = JSON.stringify(config);
  for (const name of Object.keys(families).filter(isFamilyName)) {
    const { unet } = await openFamilyConfig(name);
    if (JSON.stringify(unet) === text) return families[name].title;
  }
  return undefined;
}
