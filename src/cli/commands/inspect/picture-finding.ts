/** @file Inspects a picture: its size, and the settings that krona generate wrote into it. */
import { isRecord } from '../../../base/record.ts';
import { decodeImage } from '../../../data/image.ts';
import { readPngText } from '../../../formats/png-text.ts';
import { describeOptions, type Finding } from './finding.ts';

/**
 * Inspects a picture file.
 *
 * @throws DataError or FormatError where it is broken
 */
export async function inspectPicture(path: string, bytes: Uint8Array): Promise<Finding> {
  const { width, height } = await decodeImage(bytes, path);
  const size = ['size', `${width} x ${height}`] as const;
  const texts = isPng(bytes) ? readPngText(bytes, path) : new Map<string, string>();
  const settings = parseSettings(texts.get('krona'));
  if (settings === undefined) {
    return {
      kind: 'picture',
      title: 'a picture, not made by krona',
      facts: [size, ...[...texts].map(([key, text]) => [key, text] as const)],
      details: { width, height, texts: Object.fromEntries(texts) },
    };
  }
  const { prompt, adapters, adapter: _asRequested, ...others } = settings;
  const used = Array.isArray(adapters) ? adapters.filter(isRecord) : [];
  const facts = [
    ['prompt', String(prompt)],
    ['settings', describeOptions(others)],
    ...(used.length === 0 ? [['adapter', 'none'] as const] : []),
    ...used.flatMap(adapterFacts),
  ] as const;
  return {
    kind: 'picture',
    title: 'a picture made by krona generate',
    facts: [size, ...facts],
    details: { width, height, settings },
  };
}

/** An adapter as settings-text.ts writes it. */
function adapterFacts({ methods, training, ...request }: Record<string, unknown>) {
  const used = Array.isArray(methods) ? methods.filter(isRecord) : [];
  return [
    ['adapter', describeOptions(request)],
    ...used.map((options) => ['', describeOptions(options)] as const),
    ...(isRecord(training) ? [['', `trained on: ${describeOptions(training)}`] as const] : []),
  ] as const;
}

export function isPng(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0x89, 0x50, 0x4e, 0x47]);
}

/** First bytes of JPEG, WebP (RIFF), GIF and TIFF, which has them in two orders. */
const magics = [
  [0xff, 0xd8, 0xff],
  [0x52, 0x49, 0x46, 0x46],
  [0x47, 0x49, 0x46, 0x38],
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
];

/** "ftypavif" or "ftypavis", after the length of that box. */
const avif = [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69];

/** Whether the first bytes are those of a picture that can be decoded. */
export function isPicture(bytes: Uint8Array): boolean {
  return (
    isPng(bytes) ||
    magics.some((magic) => startsWith(bytes, magic)) ||
    startsWith(bytes.subarray(4), avif)
  );
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** Undefined where there are none of ours. */
function parseSettings(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
