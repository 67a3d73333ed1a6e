/** @file How a training would cut, as the address says it: a reload and a link show the same. */
import { useSearchParams } from 'wouter';
import type { Cutting } from '../../../src/studio/interface/dataset-operations.ts';

export interface CuttingState {
  readonly cutting: Cutting;
  readonly change: (changed: { readonly [Key in keyof Cutting]: Cutting[Key] | undefined }) => void;
}

export function useCutting(): CuttingState {
  const [parameters, setParameters] = useSearchParams();
  const base = parameters.get('base');
  const side = Number(parameters.get('side'));
  const cutting: Cutting = {
    ...(base === null ? {} : { base }),
    ...(Number.isInteger(side) && side > 0 ? { resolution: side } : {}),
    ...(parameters.get('keep') === '1' ? { buckets: true } : {}),
  };
  const change: CuttingState['change'] = (changed) => {
    const next = { ...cutting, ...changed };
    setParameters(
      (known) => {
        const put = (name: string, value: string | undefined) =>
          value === undefined ? known.delete(name) : known.set(name, value);
        put('base', next.base);
        put('side', next.resolution?.toString());
        put('keep', next.buckets ? '1' : undefined);
        return known;
      },
      { replace: true },
    );
  };
  return { cutting, change };
}
