/** @file The parts of a family as folders to be written: configuration, and what weights it asks for. */
import type { Value } from '../../graph/index.ts';
import { parseClipTextConfig } from '../../models/clip/clip-config.ts';
import { type FamilyName, families, familyJson } from '../../models/families.ts';
import { traceUNet } from '../../models/unet/sites.ts';
import { parseUNetConfig } from '../../models/unet/unet-config.ts';
import { parseVaeConfig } from '../../models/vae/vae-config.ts';
import { textClaims, vaeClaims } from '../../models/weight-claims.ts';
import type { Changes } from './tiny-sizes.ts';

/** One folder with a configuration and weights. */
export interface RandomPart {
  readonly folder: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly weightsFile: string;
  /** Names and shapes of the weights. */
  readonly claims: ReadonlyMap<string, Value>;
}

/** Every part of a family, its text encoders first; `changes` by folder replace settings of its config.json. */
export async function randomModelParts(
  family: FamilyName,
  changes: Readonly<Record<string, Changes>>,
): Promise<readonly RandomPart[]> {
  const part = async (
    folder: string,
    weightsFile: string,
    claimsOf: (config: unknown, where: string) => ReadonlyMap<string, Value>,
  ): Promise<RandomPart> => {
    const config = { ...(await familyJson(family, folder)), ...changes[folder] };
    return { folder, config, weightsFile, claims: claimsOf(config, folder) };
  };
  return await Promise.all([
    ...families[family].textEncoders.map((folder) =>
      part(folder, 'model.safetensors', (config, where) =>
        textClaims(parseClipTextConfig(config, where)),
      ),
    ),
    part(
      'unet',
      'diffusion_pytorch_model.safetensors',
      (config, where) => traceUNet(parseUNetConfig(config, where)).weights,
    ),
    part('vae', 'diffusion_pytorch_model.safetensors', (config, where) =>
      vaeClaims(parseVaeConfig(config, where)),
    ),
  ]);
}
