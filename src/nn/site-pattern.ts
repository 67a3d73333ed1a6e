/** @file Choosing sites by pattern. */
import { ConfigError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { ownValue } from '../base/own-value.ts';
import { required } from '../base/required.ts';
import type { Site, SiteKind } from './site.ts';

/** Names for the patterns people use most. */
export const targetPresets = {
  attention: ['attn*.to_*'],
  'attention+feed-forward': ['attn*.to_*', 'ff.net.*'],
  'text-encoder': ['self_attn.*_proj'],
  'text-encoder+feed-forward': ['self_attn.*_proj', 'mlp.fc*'],
  unet: ['unet.*'],
} as const satisfies Record<string, readonly string[]>;

/** The patterns of a preset; any other name is a pattern itself. */
export function patternsOf(target: string): readonly string[] {
  return ownValue<readonly string[]>(targetPresets, target) ?? [target];
}

/**
 * Whether a pattern names a site: `*` stands for any characters, and the pattern must match the whole module path or
 * an ending of it that starts after a dot, so `to_q`, `attn2.*` and `down_blocks.*` all say what they seem to say.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(^|\\.)${source.join('.*')}$`).test(name);
}

/** What most methods can change. */
export const matrixKinds: readonly SiteKind[] = ['linear', 'convolution'];

/**
 * The sites of some kinds that any pattern or preset names, in the model's order.
 *
 * @throws ConfigError NO_SITES where a pattern names none
 */
export function chooseSites(
  all: readonly Site[],
  targets: readonly string[],
  kinds: readonly SiteKind[] = matrixKinds,
): readonly Site[] {
  const sites = all.filter(({ kind }) => kinds.includes(kind));
  const patterns = targets.flatMap(patternsOf);
  const chosen = sites.filter((site) =>
    patterns.some((pattern) => matchesPattern(pattern, site.name)),
  );
  const idle = targets.filter(
    (target) =>
      !sites.some((site) =>
        patternsOf(target).some((pattern) => matchesPattern(pattern, site.name)),
      ),
  );
  if (idle.length > 0) {
    const endings = new Set([
      ...Object.keys(targetPresets),
      ...sites.map((site) => lastParts(site.name)),
    ]);
    const hint = didYouMean(required(idle, 0), endings);
    throw new ConfigError(
      'NO_SITES',
      `targets: "${idle.join('", "')}" names none of the model's ${sites.length} sites${hint} (presets: ${Object.keys(targetPresets).join(', ')}; a site is, for example, ${sites[0]?.name ?? 'none'})`,
    );
  }
  return chosen;
}

/** `attn1.to_out.0` of a module path. */
function lastParts(name: string): string {
  return name.replace(/^.*\.(?=[a-z_]+\d*\.[a-z_]+(\.\d+)?$)/, '');
}
