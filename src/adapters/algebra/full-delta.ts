/** @file ΔW as a matrix of its own: what DreamBooth and Custom Diffusion train. */
import * as z from 'zod';
import { type AdapterMethod, defineAdapter, type MethodDefinition, parameter } from '../adapter.ts';
import { zero } from './initial.ts';

const schema = z.strictObject({});

/** A method that trains every number of the weights it is given. */
export function fullDelta(
  own: Pick<MethodDefinition<typeof schema>, 'name' | 'title' | 'kinds' | 'defaults'>,
): AdapterMethod {
  return defineAdapter({
    ...own,
    schema,
    linearIn: () => ['delta'],
    parameters: (site) => [{ name: 'delta', shape: [site.out, site.in], initial: zero }],
    deltaWeight: ({ parameters }) => parameter(parameters, 'delta'),
    parameterCount: (site) => site.out * site.in,
  });
}
