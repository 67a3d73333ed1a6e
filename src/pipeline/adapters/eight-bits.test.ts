import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { familySites } from '../../../test/family-sites.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { fromFloat32 } from '../../tensor/half.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import { openAdapter } from './adapter-file.ts';

test.each(['scale_weight', 'weight_scale'])(
  'an adapter of eight bits is read with the %s of its layers',
  async (scale) => {
    const folder = await mkdtemp(join(tmpdir(), 'krona-eight-'));
    try {
      const layer = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q';
      const [down, up] = [float32([4, 320]), float32([320, 4])];
      down.data.fill(1.25);
      up.data.fill(-3);
      const tensors: readonly (readonly [string, Tensor])[] = [
        [`${layer}.lora_down.weight`, fromFloat32(down, 'f8e4m3')],
        [`${layer}.lora_down.${scale}`, float32([], [0.125])],
        [`${layer}.lora_up.weight`, fromFloat32(up, 'f8e5m2')],
        [`${layer}.alpha`, float32([], [4])],
      ];
      const path = join(folder, 'lora.safetensors');
      await writeFile(path, encodeSafetensors(tensors));
      const opened = await openAdapter(path);
      const { file } = opened.on(await familySites('sd15'));
      const values = [...file.tensors.values()].map(({ data }) => [...new Set(data)]);
      expect(values).toEqual([[1.25 * 0.125], [-3]]);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
