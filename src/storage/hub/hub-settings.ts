/** @file Where the hub and its cache are, and with which token: the environment variables that Python's huggingface_hub reads. */
import type { Environment } from '../../base/environment.ts';
import { ConfigError } from '../../base/errors.ts';
import { homedir } from '../../platform/machine.ts';
import { join, resolve } from '../../platform/paths.ts';
import { readText } from '../files/text-file.ts';

export interface HubSettings {
  /** `https://huggingface.co`, or a mirror (HF_ENDPOINT). */
  readonly endpoint: string;
  /** Folder of the repositories (HF_HUB_CACHE, or hub in HF_HOME). */
  readonly cache: string;
  readonly token: string | undefined;
  /** File that a token may lie in (HF_TOKEN_PATH, or token in HF_HOME). */
  readonly tokenPath: string;
  /** No network (HF_HUB_OFFLINE). */
  readonly offline: boolean;
  /** Whether a proxy is asked for (HTTPS_PROXY), which Node's fetch takes only from version 24, and only when told to. */
  readonly proxy: boolean;
  /** Whether snapshots link to blobs; hard links or copies otherwise (HF_HUB_DISABLE_SYMLINKS). */
  readonly symlinks: boolean;
}

/**
 * Reads the settings.
 *
 * @throws ConfigError HUB_ENDPOINT
 */
export async function readHubSettings(environment: Environment): Promise<HubSettings> {
  const first = (...names: readonly string[]) =>
    names.map((name) => environment[name]?.trim()).find(Boolean);
  const folder = (text: string) => resolve(text.replace(/^~(?=$|[/\\])/, homedir()));
  const caches = first('XDG_CACHE_HOME') ?? join(homedir(), '.cache');
  const home = folder(first('HF_HOME') ?? join(caches, 'huggingface'));
  const tokenPath = folder(first('HF_TOKEN_PATH') ?? join(home, 'token'));
  return {
    endpoint: endpointOf(first('HF_ENDPOINT') ?? 'https://huggingface.co'),
    cache: folder(first('HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE') ?? join(home, 'hub')),
    token: first('HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN') ?? (await readToken(tokenPath)),
    tokenPath,
    offline: isTrue(first('HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE')),
    proxy: first('HTTPS_PROXY', 'https_proxy') !== undefined,
    symlinks: !isTrue(first('HF_HUB_DISABLE_SYMLINKS')),
  };
}

function isTrue(value: string | undefined): boolean {
  return ['1', 'on', 'yes', 'true'].includes(value?.toLowerCase() ?? '');
}

function endpointOf(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) {
    return text.replace(/\/+$/, '');
  }
  throw new ConfigError(
    'HUB_ENDPOINT',
    `HF_ENDPOINT: expected an address such as https://huggingface.co, got "${text}"`,
  );
}

/** A token file that cannot be read is as good as none: public models need no token. */
async function readToken(path: string): Promise<string | undefined> {
  try {
    return (await readText(path)).trim() || undefined;
  } catch {
    return undefined;
  }
}
