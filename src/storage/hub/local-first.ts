/** @file Whether a text names a model of the hub or a path of this machine. */
import { stat } from '../../platform/files.ts';
import { fileError, systemCodeOf } from '../file-errors.ts';
import { type HubName, parseHubName } from './hub-name.ts';

/** The model of the hub that a text names; undefined where it has another form, or where such a path exists. */
export async function hubNameUnlessPath(text: string): Promise<HubName | undefined> {
  const name = parseHubName(text);
  if (name === undefined) return undefined;
  try {
    await stat(text);
    return undefined;
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(cause))) return name;
    throw fileError('read', text, cause);
  }
}
