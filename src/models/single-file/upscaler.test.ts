import { expect, test } from 'vitest';
import { elementCount } from '../../tensor/tensor.ts';
import { openFamilyConfig } from '../families.ts';
import { traceUNet } from '../unet/sites.ts';
import { vaeClaims } from '../weight-claims.ts';
import { upscalerKind } from './kinds.ts';
import { checkpointSources } from './parts.ts';

const config = await openFamilyConfig(upscalerKind.family);

test('the configurations of the upscaler ask for the weights that its reference has', () => {
  const sizes = [traceUNet(config.unet).weights, vaeClaims(config.vae)].map((weights) => [
    weights.size,
    [...weights.values()].reduce((sum, { shape }) => sum + elementCount(shape), 0),
  ]);
  // diffusers 0.42.1: names and parameters of UNet2DConditionModel and AutoencoderKL.
  expect(sizes).toEqual([
    [687, 473_398_020],
    [204, 55_325_927],
  ]);
});

test('its single file has the names of the original code', () => {
  const { unet, vae, textEncoders } = checkpointSources(upscalerKind, config);
  const of = (name: string) => unet.get(name)?.name;
  expect(of('class_embedding.weight')).toBe('model.diffusion_model.label_emb.weight');
  expect(of('down_blocks.1.attentions.0.proj_in.weight')).toBe(
    'model.diffusion_model.input_blocks.4.1.proj_in.weight',
  );
  // The finest level has no attention, so that its upsampler follows the residual block.
  expect(of('up_blocks.0.upsamplers.0.conv.weight')).toBe(
    'model.diffusion_model.output_blocks.2.2.conv.weight',
  );
  expect(vae.get('decoder.up_blocks.0.resnets.0.conv1.weight')?.name).toBe(
    'first_stage_model.decoder.up.2.block.0.conv1.weight',
  );
  expect([...(textEncoders[0]?.values() ?? [])].map(({ name }) => name)).toContain(
    'cond_stage_model.model.token_embedding.weight',
  );
});
