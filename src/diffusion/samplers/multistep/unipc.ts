/** @file UniPC: a unified predictor and corrector (Zhao et al. 2023, arXiv 2302.04867), predicting x₀. */
import type { Tensor } from '../../../tensor/tensor.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { cleanPoint, lambdaLadder, lambdaSampler, type Point } from '../schedules/lambda-ladder.ts';
import { unipcUpdate } from './unipc-update.ts';

/** UniPC: every evaluation first corrects the sample that it was made at, then predicts the next. */
export const unipc: SamplerMethod = {
  schedulerClass: 'UniPCMultistepScheduler',
  defaults: { timestep_spacing: 'linspace', solver_type: 'bh2' },
  create(schedule, settings, { steps }) {
    const ladder = lambdaLadder(schedule, settings, { steps });
    const lowersOrder = settings.lower_order_final || settings.final_sigmas_type === 'zero';
    const highestOrder = (index: number) =>
      lowersOrder ? Math.min(settings.solver_order, steps - index) : settings.solver_order;

    function begin(): Step {
      let points: readonly Point[] = []; // newest first
      let last: { sample: Tensor<'f32'>; order: number } | undefined;
      return (sample, output, index) => {
        const point = cleanPoint(ladder.rung(index), settings.prediction_type, sample, output);
        const [before, ...older] = points;
        let corrected = sample;
        if (last && before && !settings.disable_corrector.includes(index - 1)) {
          const others = [...older.slice(0, last.order - 1), point];
          corrected = unipcUpdate(settings, {
            sample: last.sample,
            from: before,
            to: point.rung,
            others,
          });
        }
        points = [point, ...points].slice(0, settings.solver_order);
        const order = Math.min(highestOrder(index), points.length);
        last = { sample: corrected, order };
        const others = points.slice(1, order);
        const to = ladder.rung(index + 1);
        return unipcUpdate(settings, { sample: corrected, from: point, to, others });
      };
    }

    return lambdaSampler(ladder, { steps, begin });
  },
};
