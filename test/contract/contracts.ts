/** @file The contract of every registered method. */
import type { AdapterName } from '../../src/adapters/index.ts';
import type { Contract } from './contract.ts';
import { blipDiffusion, customDiffusion, dreambooth, textualInversion } from './methods/direct.ts';
import { krona } from './methods/krona.ts';
import { lokr } from './methods/lokr.ts';
import { loha, lora } from './methods/low-rank.ts';
import { oft, svdiff } from './methods/rotations.ts';

/** A registered adapter without an entry does not compile. */
export const contracts: Readonly<Record<AdapterName, Contract>> = {
  krona,
  lora,
  lokr,
  loha,
  oft,
  svdiff,
  'textual-inversion': textualInversion,
  'custom-diffusion': customDiffusion,
  dreambooth,
  'blip-diffusion': blipDiffusion,
};
