/** @file What tensors beside the weights of a single file say of the noise it was trained with. */
import { ModelError } from '../../../base/errors.ts';
import type { PredictionType, SchedulerSettings } from '../../../diffusion/scheduler-config.ts';
import type { TensorFile } from '../../../storage/weights/tensor-file.ts';

type Places = Pick<TensorFile, 'places'>;

/** Tensors that stand for other parametrisations than the discrete schedule with noise or velocity. */
const otherNoise: Readonly<Record<string, string>> = {
  edm_mean: 'EDM, as Playground 2.5',
  'edm_vpred.sigma_max': 'EDM with v-prediction, as CosXL',
};

/** @throws ModelError MODEL_UNSUPPORTED where the noise is not of a kind that is known here */
export function refuseOtherNoise({ places, path }: TensorFile): void {
  const name = Object.keys(otherNoise).find((each) => places.has(each));
  if (name === undefined) return;
  throw new ModelError(
    'MODEL_UNSUPPORTED',
    `${path}: its tensor "${name}" says that it was trained with the noise of ${otherNoise[name]}, which is not supported; give a model that predicts the noise or the velocity`,
  );
}

/** Settings that follow from the tensor `ztsnr`, and what to say of it. */
export interface ZeroTerminalSnr {
  readonly stated: Partial<SchedulerSettings>;
  readonly notes: readonly string[];
}

/**
 * Whether the last timestep is pure noise (Lin et al. 2024), as the tensor `ztsnr` beside `v_pred` says. Sampling then
 * begins at that timestep (sec. 3.3), so that timesteps are spaced from the end.
 */
export function zeroTerminalSnr({ places }: Places, prediction: PredictionType): ZeroTerminalSnr {
  if (!places.has('ztsnr')) return { stated: {}, notes: [] };
  if (prediction === 'epsilon') {
    return {
      stated: {},
      notes: [
        'its tensor "ztsnr" asks for pure noise at the last timestep, from which a model that predicts the noise learns nothing: it is not used',
      ],
    };
  }
  return {
    stated: { rescale_betas_zero_snr: true, timestep_spacing: 'trailing' },
    notes: ['the last timestep is pure noise (the tensor "ztsnr")'],
  };
}
