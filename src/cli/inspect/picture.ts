/** @file Inspects a picture: its size, and the settings that krona generate wrote into it. */
import { decodeImage } from '../../data/image.ts';
import { readPngText } from '../../formats/png-text.ts';
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

/** Whether the first bytes are those of a PNG, JPEG or WebP (a RIFF file). */
export function isPicture(bytes: Uint8Array): boolean {
  return (
    isPng(bytes) ||
    startsWith(bytes, [0xff, 0xd8, 0xff]) ||
    startsWith(bytes, [0x52, 0x49, 0x46, 0x46])
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
