/** @file The format of the code published with DiffuseKronA: LoRA's names, Kronecker factors, rows in its own order. */
import { transpose2d } from '../../tensor/linear-algebra/host-matrices.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { embeddingFiles } from '../methods/embedding-tensors.ts';
import { writtenModules } from '../methods/known-methods.ts';
import { multiplied } from '../methods/matrices.ts';
import type { WrittenModule } from '../methods/written-module.ts';
import { ModuleNames, moduleOf } from '../names/module-names.ts';
import { tensorName } from '../names/tensor-names.ts';
import { encoded, type FormatWriter, unfit } from './write-options.ts';

/** One file of factors for the attention of the UNet; there is no place for a scale, which goes into the first. */
export const writeOfficial: FormatWriter = (file, options) => {
  const names = new ModuleNames(options.sites);
  const tensors = new Map<string, Tensor<'f32'>>();
  const modules = writtenModules(file);
  if (modules.length === 0) return new Map(embeddingFiles(file, options));
  for (const module of modules) {
    const name = names.spell(moduleOf(module.site), 'processor');
    if (name === undefined) {
      throw unfit('official', module.site, 'it is for the attention of UNets; write "kohya"');
    }
    const { down, up } = factors(module);
    tensors.set(tensorName(name, 'down', 'processor'), multiplied(down, module.scale ?? 1));
    tensors.set(tensorName(name, 'up', 'processor'), up);
  }
  const metadata = options.metadata ?? { format: 'pt' };
  const bytes = encoded(tensors, metadata, options.dtype);
  return new Map([['pytorch_lora_weights.safetensors', bytes], ...embeddingFiles(file, options)]);
};

function factors({ site, algorithm, tensors }: WrittenModule) {
  const { down, up, lokr_w1, lokr_w2 } = tensors;
  if (algorithm === 'published' && down !== undefined && up !== undefined) return { down, up };
  // With one row in either factor there is nothing to permute.
  if (lokr_w1 && lokr_w2 && (lokr_w1.shape[0] === 1 || lokr_w2.shape[0] === 1)) {
    return { down: transpose2d(lokr_w1), up: lokr_w2 };
  }
  throw unfit(
    'official',
    site,
    'it holds KronA of the layout "reference" only, whose rows are ordered otherwise; write "kohya"',
  );
}
