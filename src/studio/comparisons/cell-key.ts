/** @file What decides a cell's picture, as a key: equal wishes are one picture, whoever asks and in whatever order. */
import { withoutUndefined } from '../../base/settings/parse-settings.ts';
import { keyOf } from '../../experiments/sweep/plan/key.ts';
import type { DrawRequest } from '../interface/drawing-operations.ts';

/** An adapter by its content. */
export interface KnownAdapter {
  readonly fingerprint: string;
  readonly strength: number;
}

/** A request with what its ids lead to. */
export interface KnownRequest extends Pick<DrawRequest, 'settings'> {
  readonly base: string | undefined;
  readonly adapters: readonly KnownAdapter[];
  /** Hashes of the pictures that it begins with. */
  readonly initImage: string | undefined;
  readonly mask: string | undefined;
}

/**
 * The key of a picture. Settings that are left out are what the base recommends, or usual: the base decides them, and
 * without a name the adapters name it.
 */
export function cellKey({ base, settings, adapters, initImage, mask }: KnownRequest): string {
  const { count: _, batchSize: __, seed = 0, ...deciding } = withoutUndefined(settings);
  const named = base ?? (adapters.length === 0 ? 'pocket' : undefined);
  return keyOf({ base: named, adapters, settings: deciding, seed, initImage, mask });
}
