/** @file Choosing sites by pattern. */
import { ConfigError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import type { Site } from './site.ts';

/** Names for the patterns people use most. */
export const targetPresets = {
  attention: ['attn*.to_*', 'self_attn.*_proj'],
  'attention+feed-forward': ['attn*.to_*', 'self_attn.*_proj', 'ff.net.*', 'mlp.fc*'],
} as const satisfies Record<string, readonly string[]>;

/**
 * Whether a pattern names a site: `*` stands for any characters, and the pattern must match the whole module path or
 * an ending of it that starts after a dot, so `to_q`, `attn2.*` and `down_blocks.*` all say what they seem to say.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(^|\\.)${source.join('.*')}$`).test(name);
}

/**
 * The sites that any pattern or preset names, in the model's order.
 *
 * @throws ConfigError NO_SITES where a pattern names none
 */
export function chooseSites(sites: readonly Site[], targets: readonly string[]): readonly Site[] {
  const presets: Readonly<Record<string, readonly string[]>> = targetPresets;
  const patterns = targets.flatMap((target) => presets[target] ?? [target]);
  const chosen = sites.filter((site) =>
    patterns.some((pattern) => matchesPattern(pattern, site.name)),
  );
  const idle = targets.filter(
    (target) =>
      !sites.some((site) =>
        (presets[target] ?? [target]).some((pattern) => matchesPattern(pattern, site.name)),
      ),
  );
  if (idle.length > 0) {
    const endings = new Set([
      ...Object.keys(presets),
      ...sites.map((site) => lastParts(site.name)),
    ]);
    const hint = didYouMean(idle[0] ?? '', endings);
    throw new ConfigError(
      'NO_SITES',
      `targets: "${idle.join('", "')}" names none of the model's ${sites.length} sites${hint} (presets: ${Object.keys(presets).join(', ')}; a site is, for example, ${sites[0]?.name ?? 'none'})`,
    );
  }
  return chosen;
}

/** `attn1.to_out.0` of a module path. */
function lastParts(name: string): string {
  return name.replace(/^.*\.(?=[a-z_]+\d*\.[a-z_]+(\.\d+)?$)/, '');
}
