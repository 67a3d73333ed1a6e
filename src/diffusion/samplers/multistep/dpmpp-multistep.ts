/** @file DPM-Solver++ multistep: higher order by the predictions of the steps before (Lu et al. 2022, arXiv 2211.01095, algorithm 2). */
import { dpmSolver } from '../methods/dpm-solver.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { lambdaLadder, lambdaSampler, type Point } from '../schedules/lambda-ladder.ts';

/** With fewer steps than this the last ones are of lower order, where the settings say so. */
export const fewSteps = 15;

/**
 * The third order's m'' counts by half in the published code, here as there: its error is smaller than the second
 * order's, and falls as that does.
 */
const publishedCurvature = 1 / 2;

/** DPM-Solver++ multistep of `solver_order`; `algorithm_type` sde-dpmsolver++ is its stochastic form. */
export const dpmppMultistep: SamplerMethod = {
  schedulerClass: 'DPMSolverMultistepScheduler',
  defaults: { timestep_spacing: 'linspace' },
  takesTimesteps: true,
  create(schedule, settings, { steps, timesteps }) {
    const { point, solve } = dpmSolver(settings);
    const ladder = lambdaLadder(schedule, settings, { steps, timesteps });
    const lowers = settings.lower_order_final && steps < fewSteps;
    const firstAtEnd = lowers || settings.final_sigmas_type === 'zero' || settings.euler_at_final; // at zero λ is infinite
    const highestOrder = (index: number) => {
      if (firstAtEnd && index === steps - 1) return 1;
      return lowers && index === steps - 2
        ? Math.min(settings.solver_order, 2)
        : settings.solver_order;
    };

    function begin(): Step {
      let before: readonly Point[] = []; // newest first
      return (sample, output, index, drawNoise) => {
        const from = point(ladder.rung(index), settings.prediction_type, sample, output);
        const others = before.slice(0, highestOrder(index) - 1);
        before = [from, ...before].slice(0, 2);
        const to = ladder.rung(index + 1);
        return solve({ sample, from, to, others, curvature: publishedCurvature }, drawNoise);
      };
    }

    return lambdaSampler(ladder, { steps, begin });
  },
};
