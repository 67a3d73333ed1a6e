/** @file OFT as PEFT writes it: W′ = W Rᵀ, the entries above the diagonal of every block's skew-symmetric matrix. */
import {
  type MethodReader,
  refusal,
  requiredSite,
  requiredTensor,
  requireSizes,
  shapesOf,
} from './foreign-module.ts';

export const oftReader: MethodReader = {
  title: 'OFT',
  signs: ['oft_R'],
  read(module) {
    const site = requiredSite(module);
    const rotation = requiredTensor(module, 'oft_R');
    const [count = 0, entries = 0] = rotation.shape;
    // n(n − 1)/2 entries above the diagonal of n rows
    const blockSize = (1 + Math.sqrt(1 + 8 * entries)) / 2;
    if (!Number.isInteger(blockSize)) {
      throw refusal(module, 'ADAPTER_SHAPE', `${shapesOf(module)} are no triangles of a matrix`);
    }
    const shared = count === 1;
    requireSizes(module, site, [site.out, shared ? site.in : count * blockSize]);
    const neumannTerms = module.peft?.neumannTerms;
    return [
      {
        site,
        method: 'oft',
        options: { blockSize, shared, ...(neumannTerms === undefined ? {} : { neumannTerms }) },
        parameters: { rotation },
      },
    ];
  },
};
