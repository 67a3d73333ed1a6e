/** @file What a picture says of how it was made, as a drawing that can be asked for here. */
import { FormatError } from '../../base/errors.ts';
import { readPngText } from '../../formats/png/png-text.ts';
import { foundSettings } from '../../generate/settings/found-settings.ts';
import type { AdapterFile } from '../adapters/adapter-files.ts';
import { adapterNamed, nameOfAdapter } from '../adapters/adapter-names.ts';
import type { DrawRequest, FoundSettings } from '../interface/drawing-operations.ts';
import type { Settings } from '../interface/operation-shapes.ts';
import type { FoundModels } from '../models/found-models.ts';
import { isPageModel } from '../work/page-settings.ts';

const nothing: FoundSettings = { from: undefined, request: undefined, notes: [] };

/** What a picture may have been made with. */
interface FoundHere {
  readonly adapters: readonly AdapterFile[];
  readonly models: FoundModels;
}

/** Reads the settings of a picture; those of models and adapters that are not here become notes. */
export async function readFoundRequest(
  picture: Uint8Array,
  { adapters, models }: FoundHere,
): Promise<FoundSettings> {
  const found = foundSettings(textsOf(picture));
  if (found === undefined) return nothing;
  const notes = [...found.notes];
  const used = found.adapters.flatMap(({ name, strength }) => {
    const file = adapterNamed(adapters, name);
    if (file !== undefined) return [{ id: file.id, strength }];
    notes.push(`The adapter "${nameOfAdapter(name)}" is not here.`);
    return [];
  });
  const begun = withoutBeginning(found.settings, notes);
  const { base, settings } = await withoutOtherModels(begun, { notes, models });
  const request: DrawRequest = { ...(base && { base }), adapters: used, settings };
  return { from: found.from, request, notes };
}

/** The picture that it began with is not inside, nor is a mask: what is said of them has nothing to be about. */
function withoutBeginning(found: Settings, notes: string[]): Settings {
  const { noise, keepUnmasked: _, ...settings } = found;
  if (noise !== undefined) notes.push('It began with a picture, which is not inside.');
  return settings;
}

/** Models that a page can name, apart; of others only a note is left. */
async function withoutOtherModels(
  found: Settings,
  { notes, models }: { readonly notes: string[]; readonly models: FoundModels },
) {
  const { refinerStart, ...settings } = found;
  const named = await models.named(settings);
  const usable = async (key: 'base' | 'refiner') => {
    const { [key]: name } = named;
    if (name === undefined) return undefined;
    // What has another name here is here.
    if (name !== settings[key] || (await isPageModel(name))) return `${name}`;
    notes.push(`The model "${name}" cannot be chosen here.`);
    return undefined;
  };
  const second = await usable('refiner');
  const { base: _, refiner: __, ...others } = settings;
  return {
    base: await usable('base'),
    settings:
      second === undefined
        ? others
        : { ...others, refiner: second, ...(refinerStart !== undefined && { refinerStart }) },
  };
}

/** None of what is no PNG: the formats of photographs hold no such texts. */
function textsOf(picture: Uint8Array): ReadonlyMap<string, string> {
  try {
    return readPngText(picture);
  } catch (error) {
    if (error instanceof FormatError) return new Map();
    throw error;
  }
}
