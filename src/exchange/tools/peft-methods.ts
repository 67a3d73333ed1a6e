/** @file What PEFT's configuration says of each method, so that it rebuilds the shapes of the tensors. */
import { AdapterError, invariant } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { algorithmTitles } from '../methods/written-module.ts';
import { lokrJson } from './peft-lokr.ts';
import { type PathedModule, type PeftJson, ranked, ranksJson } from './peft-ranks.ts';
import { unfit } from './write-options.ts';

/**
 * The part of adapter_config.json that states the method.
 *
 * @throws AdapterError FORMAT_UNFIT where one configuration cannot state all modules
 */
export function peftMethod(modules: readonly PathedModule[]): PeftJson {
  const algorithm = onlyOne(modules, 'the method', ({ algorithm }) => algorithm);
  switch (algorithm) {
    case 'lora':
      return loraJson(modules);
    case 'loha':
      refuseMagnitudes(modules);
      return {
        peft_type: 'LOHA',
        use_effective_conv2d: false,
        ...ranksJson(modules.map(ranked), 'alpha'),
      };
    case 'lokr':
      refuseMagnitudes(modules);
      return lokrJson(modules);
    case 'oft':
      return oftJson(modules);
    case 'full':
      throw new AdapterError(
        'FORMAT_UNFIT',
        'peft has no full differences; write "kohya", or convert it to a LoRA',
      );
    case 'diag-oft':
      throw new AdapterError(
        'FORMAT_UNFIT',
        'peft turns the inputs of a layer, this OFT the outputs; write "kohya"',
      );
    case 'boft':
    case 'peft-boft':
    case 'ia3':
    case 'glora':
      throw new AdapterError(
        'FORMAT_UNFIT',
        `peft's form of ${algorithmTitles[algorithm]} is read, not written; write "kohya", or convert it to full differences`,
      );
    case 'published':
      throw new AdapterError(
        'FORMAT_UNFIT',
        'peft orders rows otherwise than the published code of DiffuseKronA; write "official", or convert it to a LoRA',
      );
    case undefined:
      throw new AdapterError('FORMAT_UNFIT', 'there is nothing that peft could hold');
    default:
      return algorithm satisfies never;
  }
}

/** PEFT's LoRA, also as diffusers keeps it in a file's header. */
export function loraJson(modules: readonly PathedModule[]): PeftJson {
  return {
    peft_type: 'LORA',
    ...ranksJson(modules.map(ranked), 'lora_alpha'),
    use_rslora: onlyOne(modules, 'rsLoRA', (each) => each.ranked?.rankStabilized ?? false),
    use_dora: onlyOne(modules, 'DoRA', ({ tensors }) => tensors.magnitude !== undefined),
    bias: 'none',
    fan_in_fan_out: false,
    lora_dropout: 0,
  };
}

function oftJson(modules: readonly PathedModule[]): PeftJson {
  const blockSize = onlyOne(modules, 'the block size', ({ tensors }) => {
    invariant(tensors.oft_R !== undefined, 'an OFT module has no rotation');
    const entries = required(tensors.oft_R.shape, 1);
    return (1 + Math.sqrt(1 + 8 * entries)) / 2;
  });
  const terms = onlyOne(modules, 'the series', ({ neumannTerms }) => neumannTerms);
  const isShared = ({ site, tensors }: PathedModule) =>
    tensors.oft_R?.shape[0] === 1 && site.in !== blockSize;
  return {
    peft_type: 'OFT',
    r: 0,
    oft_block_size: blockSize,
    block_share: onlyOne(modules, 'sharing', isShared),
    use_cayley_neumann: terms !== undefined,
    ...(terms === undefined ? {} : { num_cayley_neumann_terms: terms }),
    coft: false,
    bias: 'none',
    fan_in_fan_out: false,
  };
}

/** What all modules have in common. */
function onlyOne<T>(
  modules: readonly PathedModule[],
  what: string,
  of: (module: PathedModule) => T,
): T | undefined {
  const values = [...new Set(modules.map(of))];
  if (values.length < 2) return values[0];
  throw new AdapterError(
    'FORMAT_UNFIT',
    `peft keeps one configuration for all modules, here ${what} differs among them (${values.map(String).join(', ')}); write "kohya"`,
  );
}

function refuseMagnitudes(modules: readonly PathedModule[]): void {
  const found = modules.find(({ tensors }) => tensors.magnitude !== undefined);
  if (found === undefined) return;
  throw unfit('peft', found.site, 'PEFT has DoRA for LoRA only; write "kohya"');
}
