/** @file Adapters that are on for a part of the denoising only cannot be merged. */
import { ConfigError } from '../base/errors.ts';
import type { AdapterRequest } from '../generate/adapter-request.ts';

/** @throws ConfigError RANGE_IN_MERGE */
export function requireWholeRange(requests: readonly AdapterRequest[]): void {
  const ranged = requests.find(({ from, to }) => from > 0 || to < 1);
  if (ranged === undefined) return;
  throw new ConfigError(
    'RANGE_IN_MERGE',
    `${ranged.file}: merged weights are the same at every step; leave from and to out, or draw with it as \`adapter\` beside its base`,
  );
}
