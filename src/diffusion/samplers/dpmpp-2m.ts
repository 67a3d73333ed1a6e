/** @file DPM-Solver++(2M): second order by the prediction of the step before (Lu et al. 2022, arXiv 2211.01095, algorithm 2). */
import { dpmSolver } from './dpm-solver.ts';
import { type CleanPoint, cleanPoint, lambdaLadder, lambdaSampler } from './lambda-ladder.ts';
import type { SamplerMethod, Step } from './sampler.ts';

/** With fewer steps than this the last one is first order, where the settings say so. */
const fewSteps = 15;

/** DPM-Solver++ multistep; `algorithm_type` sde-dpmsolver++ is its stochastic form. */
export const dpmpp2m: SamplerMethod = {
  schedulerClass: 'DPMSolverMultistepScheduler',
  defaults: { timestep_spacing: 'linspace' },
  create(schedule, settings, { steps }) {
    const solve = dpmSolver(settings);
    const ladder = lambdaLadder(schedule, settings, steps);
    const lowerAtEnd =
      settings.final_sigmas_type === 'zero' || // there λ is infinite
      settings.euler_at_final ||
      (settings.lower_order_final && steps < fewSteps);

    function begin(): Step {
      let before: CleanPoint | undefined;
      return (sample, output, index, drawNoise) => {
        const from = cleanPoint(ladder.rung(index), settings.prediction_type, sample, output);
        const firstOrder = settings.solver_order === 1 || (lowerAtEnd && index === steps - 1);
        const other = firstOrder ? undefined : before;
        before = from;
        return solve({ sample, from, to: ladder.rung(index + 1), other }, drawNoise);
      };
    }

    return lambdaSampler(ladder, { steps, begin });
  },
};
