/** @file Every site of a family's models, at full size or tiny, for tests that need names and no weights. */
import { parseClipTextConfig } from '../src/models/clip/clip-config.ts';
import { type FamilyName, families, familyJson } from '../src/models/families.ts';
import { unetSites } from '../src/models/unet/sites.ts';
import { parseUNetConfig } from '../src/models/unet/unet-config.ts';
import { textScope } from '../src/models/weight-claims.ts';
import type { Site } from '../src/nn/index.ts';
import { tinySizes } from '../src/pipeline/random/tiny-sizes.ts';

/** @param size `tiny` has every kind of layer with few numbers, under the names of the first blocks */
export async function familySites(
  name: FamilyName,
  size: 'full' | 'tiny' = 'full',
): Promise<readonly Site[]> {
  const configuration = async (part: string) => {
    return { ...(await familyJson(name, part)), ...(size === 'tiny' ? tinySizes[name][part] : {}) };
  };
  const texts = await Promise.all(
    families[name].textEncoders.map(async (part) =>
      textScope(parseClipTextConfig(await configuration(part), part)).sites.map((site) => ({
        ...site,
        name: `${part}.${site.name}`,
      })),
    ),
  );
  return [...unetSites(parseUNetConfig(await configuration('unet'), name)), ...texts.flat()];
}
