/** @file What a case must not end in: a raw error, a number that is none taken silently, a file that lies elsewhere. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { decodeImage } from '../../src/data/image.ts';
import { decodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { toFloat32 } from '../../src/tensor/half.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import type { Outcome } from '../cli/terminal.ts';
import type { Sandbox } from './sandbox.ts';

/** Exit codes that a command has: done, failed, bad usage, interrupted. */
const known = [0, 1, 2, 130];

/** What is wrong with how a case ended; undefined where nothing is. */
export async function verdictOf(outcome: Outcome, sandbox: Sandbox): Promise<string | undefined> {
  const { code, out, err } = outcome;
  const said = `${err}\n${out}`;
  const first = /(UNEXPECTED|internal:|^ +at .*:\d+:\d+\)?$)/m.exec(said);
  if (first !== null) return `a raw error: ${excerpt(said, first.index)}`;
  if (!known.includes(code)) return `exit code ${code}`;
  if ((code === 1 || code === 2) && !/\[[A-Z0-9_]+\]|"code":"[A-Z0-9_]+"/.test(said)) {
    return `failed without a code: ${excerpt(said, 0)}`;
  }
  const strays = sandbox.strays();
  if (strays.length > 0) return `files outside the output folder: ${strays.slice(0, 3).join(', ')}`;
  return code === 0 ? silentNonsense(sandbox.written()) : undefined;
}

const excerpt = (text: string, at: number): string =>
  text
    .slice(Math.max(0, at - 200), at + 300)
    .trim()
    .replaceAll('\n', ' | ');

/** Numbers that are not finite in what was written, or a picture of one colour. */
async function silentNonsense(written: readonly string[]): Promise<string | undefined> {
  for (const path of written) {
    const name = basename(path);
    if (name.endsWith('.safetensors')) {
      const found = notFinite(path);
      if (found !== undefined) return `not finite: ${found} of ${name}`;
    } else if (/^\d.*\.png$/.test(name)) {
      const { data } = await decodeImage(readFileSync(path), path);
      if (data.every((value) => value === data[0])) return `a picture of one colour: ${name}`;
    }
  }
  return undefined;
}

/** Name of a tensor with a number that is none. */
function notFinite(path: string): string | undefined {
  for (const [name, tensor] of decodeSafetensors(readFileSync(path), path).tensors) {
    if (!isFloat(tensor)) continue;
    if (!toFloat32(tensor).data.every(Number.isFinite)) return name;
  }
  return undefined;
}

const isFloat = (tensor: Tensor): tensor is Tensor<'f32' | 'f16' | 'bf16'> =>
  ['f32', 'f16', 'bf16'].includes(tensor.dtype);
