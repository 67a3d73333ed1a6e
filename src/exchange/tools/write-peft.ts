/** @file PEFT's folders: the tensors, and a configuration from which their shapes are rebuilt; one for each part. */
import { reshaped, type Tensor } from '../../tensor/tensor.ts';
import { embeddingFiles } from '../methods/embedding-tensors.ts';
import { writtenModules } from '../methods/known-methods.ts';
import type { WrittenModule } from '../methods/written-module.ts';
import { ModuleNames, moduleOf } from '../names/module-names.ts';
import { type Role, tensorName } from '../names/tensor-names.ts';
import { peftMethod } from './peft-methods.ts';
import type { PathedModule, PeftJson } from './peft-ranks.ts';
import { encoded, type FormatWriter, unfit } from './write-options.ts';

/** The class of a part, by which PEFT knows what the adapter is for. */
const classes: Readonly<Record<string, readonly [name: string, library: string]>> = {
  unet: ['UNet2DConditionModel', 'diffusers.models.unets.unet_2d_condition'],
  text_encoder: ['CLIPTextModel', 'transformers.models.clip.modeling_clip'],
  text_encoder_2: ['CLIPTextModelWithProjection', 'transformers.models.clip.modeling_clip'],
};

/** `adapter_model.safetensors` and `adapter_config.json`, in folders of their parts where there are several. */
export const writePeft: FormatWriter = (file, options) => {
  const parts = modulesByPart(writtenModules(file));
  const names = new ModuleNames(options.sites);
  const files = new Map(embeddingFiles(file, options));
  for (const [part, modules] of parts) {
    const folder = parts.size === 1 ? '' : `${part}/`;
    const tensors = new Map<string, Tensor<'f32'>>();
    for (const module of modules) {
      const name = names.spell(moduleOf(module.site), 'peft');
      if (name === undefined) throw unfit('peft', module.site, 'the base has no such module');
      for (const [role, tensor] of peftTensors(module)) {
        tensors.set(tensorName(name, role, 'peft'), tensor);
      }
    }
    files.set(
      `${folder}adapter_model.safetensors`,
      encoded(tensors, options.metadata ?? { format: 'pt' }, options.dtype),
    );
    files.set(`${folder}adapter_config.json`, jsonBytes(configuration(part, modules)));
  }
  return files;
};

/** The tensors of a module in PEFT's shapes, which diffusers shares: magnitudes of convolutions are [1, out, 1, 1]. */
export function peftTensors({
  site,
  tensors,
  magnitudeSide,
}: WrittenModule): readonly (readonly [Role, Tensor<'f32'>])[] {
  if (magnitudeSide === 'input') {
    throw unfit('peft', site, 'PEFT and diffusers have the lengths of rows only; write "kohya"');
  }
  const { magnitude, ...others } = tensors;
  const isRow = magnitude !== undefined && site.kernel !== undefined;
  const shaped = isRow ? reshaped(magnitude, [1, site.out, 1, 1]) : magnitude;
  const found = { ...others, ...(shaped === undefined ? {} : { magnitude: shaped }) };
  return Object.entries(found) as (readonly [Role, Tensor<'f32'>])[];
}

/** The modules of every part of the pipeline, each with its path there, in the order of their paths. */
export function modulesByPart(
  modules: readonly WrittenModule[],
): ReadonlyMap<string, readonly PathedModule[]> {
  const parts = new Map<string, PathedModule[]>();
  const sorted = modules.toSorted((a, b) => (a.site.name < b.site.name ? -1 : 1));
  for (const module of sorted) {
    const name = moduleOf(module.site);
    const dot = name.indexOf('.');
    const part = name.slice(0, dot);
    parts.set(part, [...(parts.get(part) ?? []), { ...module, path: name.slice(dot + 1) }]);
  }
  return parts;
}

function configuration(part: string, modules: readonly PathedModule[]): PeftJson {
  const [base_model_class, parent_library] = classes[part] ?? [];
  return {
    auto_mapping: base_model_class === undefined ? null : { base_model_class, parent_library },
    base_model_name_or_path: null,
    inference_mode: true,
    revision: null,
    target_modules: modules.map(({ path }) => path),
    task_type: null,
    ...peftMethod(modules),
  };
}

/** With sorted keys, as PEFT writes it. */
export function sortedJson(value: PeftJson): string {
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted), undefined, 2);
}

function jsonBytes(value: PeftJson): Uint8Array {
  return new TextEncoder().encode(sortedJson(value));
}
