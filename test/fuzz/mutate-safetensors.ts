/** @file Damage to safetensors files: their header as JSON, numbers that are none in their tensors, bytes. */
import { mutateBytes } from './mutate-bytes.ts';
import { mutateValue, textOf } from './mutate-json.ts';
import type { Random } from './random.ts';

interface Entry {
  readonly dtype: string;
  readonly data_offsets: readonly [number, number];
}

interface Parts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly data: Uint8Array;
}

function partsOf(bytes: Uint8Array): Parts {
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + size)).toString()) as Parts['header'];
  return { header, data: bytes.subarray(8 + size) };
}

function joined(header: string, data: Uint8Array): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([length, text, data]));
}

/** Bits of values that are not finite, by the name of the type in the header. */
const notFinite: Readonly<Record<string, readonly number[]>> = {
  F32: [0x7fc0_0000, 0x7f80_0000, 0xff80_0000],
  F16: [0x7e00, 0x7c00, 0xfc00],
  BF16: [0x7fc0, 0x7f80],
};

function poison({ header, data }: Parts, random: Random): Uint8Array {
  const changed = data.slice();
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  const [, entry] = random.pick(entries) as [string, Entry];
  const bits = notFinite[entry.dtype];
  if (bits !== undefined) {
    const [from, to] = entry.data_offsets;
    const size = entry.dtype === 'F32' ? 4 : 2;
    const at = from + random.below((to - from) / size) * size;
    const view = new DataView(changed.buffer);
    if (size === 4) view.setUint32(at, random.pick(bits), true);
    else view.setUint16(at, random.pick(bits), true);
  }
  return joined(JSON.stringify(header), changed);
}

/** Tensors that get another shape, and the facts of the metadata. */
function changeHeader({ header, data }: Parts, random: Random): Uint8Array {
  const names = Object.keys(header);
  const name = random.pick(names);
  const action = random.below(5);
  const others = Object.fromEntries(Object.entries(header).filter(([key]) => key !== name));
  if (action === 0) return joined(textOf(others), data);
  if (action === 1) return joined(textOf({ ...others, [`${name}x`]: header[name] }), data);
  const metadata = (header.__metadata__ ?? {}) as Record<string, string>;
  if (action === 2) {
    const facts = {
      ss_network_alpha: '3',
      ss_network_dim: 'x',
      'unet.lora_alpha': '-1',
      alpha: 'NaN',
      r: '0',
    };
    const added = Object.fromEntries(Object.entries(facts).filter(() => random.chance(0.4)));
    return joined(textOf({ ...header, __metadata__: { ...metadata, ...added } }), data);
  }
  if (action === 3 && Object.keys(metadata).length > 0) {
    const key = random.pick(Object.keys(metadata));
    const text = metadata[key] ?? '';
    const changed = /^[[{]/.test(text)
      ? textOf(mutateValue(JSON.parse(text), random))
      : textOf(mutateValue(text, random));
    return joined(textOf({ ...header, __metadata__: { ...metadata, [key]: changed } }), data);
  }
  return joined(textOf({ ...others, [name]: mutateValue(header[name], random) }), data);
}

/** A safetensors file changed in its header, its numbers or its bytes. */
export function mutateSafetensors(bytes: Uint8Array, random: Random): Uint8Array {
  const action = random.below(10);
  if (action < 3) return mutateBytes(bytes, random);
  const parts = partsOf(bytes);
  return action < 6 ? poison(parts, random) : changeHeader(parts, random);
}
