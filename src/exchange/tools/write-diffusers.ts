/** @file diffusers' LoRA files: PEFT's names after those of the parts, with the configuration in the header. */
import type { Tensor } from '../../tensor/tensor.ts';
import { embeddingFiles } from '../methods/embedding-tensors.ts';
import { writtenModules } from '../methods/known-methods.ts';
import type { WrittenModule } from '../methods/written-module.ts';
import { ModuleNames, moduleOf } from '../names/module-names.ts';
import { tensorName } from '../names/tensor-names.ts';
import { loraJson } from './peft-methods.ts';
import { encoded, type FormatWriter, unfit } from './write-options.ts';
import { modulesByPart, peftTensors, sortedJson } from './write-peft.ts';

const fileName = 'pytorch_lora_weights.safetensors';

/** One file of LoRA; readers since 2025 take the scale from the header, without one it is 1. */
export const writeDiffusers: FormatWriter = (file, options) => {
  const modules = writtenModules(file);
  const names = new ModuleNames(options.sites);
  const tensors = new Map<string, Tensor<'f32'>>();
  for (const module of modules) {
    const name = names.spell(moduleOf(module.site), 'diffusers');
    if (module.algorithm !== 'lora' || name === undefined) {
      throw unfit(
        'diffusers',
        module.site,
        'its pipelines load LoRA only; write "kohya" or "peft", or convert it to a LoRA',
      );
    }
    for (const [role, tensor] of peftTensors(module)) {
      tensors.set(tensorName(name, role, 'diffusers'), tensor);
    }
  }
  const metadata = options.metadata ?? { format: 'pt', ...configuration(modules) };
  return new Map([
    ...embeddingFiles(file, options),
    ...(modules.length === 0
      ? []
      : ([[fileName, encoded(tensors, metadata, options.dtype)]] as const)),
  ]);
};

/** The header's JSON of every part, where any scale is not 1. */
function configuration(modules: readonly WrittenModule[]): Record<string, string> {
  const isPlain = modules.every(
    ({ ranked, tensors }) =>
      ranked?.alpha === ranked?.rank && !ranked?.rankStabilized && tensors.magnitude === undefined,
  );
  if (isPlain) return {};
  const entries = [...modulesByPart(modules)].flatMap(([part, own]) =>
    Object.entries({ ...loraJson(own), target_modules: own.map(({ path }) => path) }).map(
      ([key, value]) => [`${part}.${key}`, value] as const,
    ),
  );
  return { lora_adapter_metadata: sortedJson(Object.fromEntries(entries)) };
}
