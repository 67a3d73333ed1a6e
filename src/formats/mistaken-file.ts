/** @file Recognises files that are often mistaken for .safetensors, so that the error can name them. */

interface Lookalike {
  readonly magic: string;
  readonly meaning: string;
}

const exportAdvice =
  'convert it to .safetensors with the tool that wrote it, or take the .safetensors file of the same model';

/** First bytes (as Latin-1, lower case) and what such a file is, with what to do about it. */
const lookalikes: readonly Lookalike[] = [
  {
    magic: 'pk\x03\x04',
    meaning: `a zip archive, probably a PyTorch .bin, .pt or .ckpt; ${exportAdvice}`,
  },
  { magic: '\x80', meaning: `a Python pickle, as in old .ckpt and .bin files; ${exportAdvice}` },
  { magic: 'gguf', meaning: `a GGUF file; ${exportAdvice}` },
  {
    magic: 'version ',
    meaning:
      'a git-LFS pointer, not the file itself; run "git lfs pull" in the model\'s folder or download the file again',
  },
  {
    magic: '<',
    meaning:
      'a web page, probably an error or login page saved by a download; download the file again',
  },
  {
    magic: '{',
    meaning: 'a JSON text; give the .safetensors file rather than its index or configuration',
  },
];

/** What a file that starts with these bytes is, and what to do about it; undefined where unknown. */
export function describeMistakenFile(start: Uint8Array): string | undefined {
  const text = String.fromCharCode(...start.subarray(0, 16))
    .trimStart()
    .toLowerCase();
  return lookalikes.find(({ magic }) => text.startsWith(magic))?.meaning;
}
