/** @file One conversation with the hub: its settings, the repository it is about, and the surroundings. */
import { processEnvironment } from '../../platform/machine.ts';
import type { HubEvent, HubHost } from './hub-events.ts';
import { systemSleep } from './hub-events.ts';
import type { HubName } from './hub-name.ts';
import { type HubSettings, readHubSettings } from './hub-settings.ts';
import type { RepositoryKind } from './repository-kind.ts';

/** What every request of one download shares. */
export interface Hub {
  readonly kind: RepositoryKind;
  readonly name: HubName;
  readonly settings: HubSettings;
  readonly signal: AbortSignal;
  readonly emit: (event: HubEvent) => void;
  readonly now: (() => number) | undefined;
  readonly random: () => number;
  /** Milliseconds until an answer must be there, and that a transfer may be too slow. */
  readonly patience: number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Reads the settings and fills in what the host leaves out. */
export async function openHub(kind: RepositoryKind, name: HubName, host: HubHost): Promise<Hub> {
  const settings = await readHubSettings(host.environment ?? processEnvironment);
  return {
    kind,
    name,
    settings: { ...settings, offline: settings.offline || (host.offline ?? false) },
    signal: host.signal ?? new AbortController().signal,
    emit: (event) => host.listener?.(event),
    now: host.now,
    random: host.random ?? (() => 0.5),
    patience: host.patience ?? 60_000,
    sleep: host.sleep ?? systemSleep,
  };
}
