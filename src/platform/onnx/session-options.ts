/** @file What every build of ONNX Runtime is told about a session. */
import type { DeviceName, EngineOptions } from './engine.ts';
import { unneededOptimizers } from './unneeded-optimizers.ts';

/** Options by the names of ONNX Runtime. */
export function commonOptions({
  device = 'cpu',
  weightsInPlace = false,
  eightBitProducts = false,
  unsignedWeights = false,
  arena = true,
}: EngineOptions) {
  return {
    logSeverityLevel: 3,
    // Memory patterns of a training graph cost gigabytes from the second run on (docs/pitfalls.md).
    enableMemPattern: false,
    enableCpuMemArena: arena,
    // The last level folds casts of weights into float32 copies (FuseFp16InitializerToFp32NodeTransformer).
    graphOptimizationLevel: weightsInPlace ? 'layout' : 'all',
    extra: {
      session: {
        ...(weightsInPlace && !eightBitProducts ? { disable_prepacking: '1' } : {}),
        ...(unsignedWeights ? { x64quantprecision: '1' } : {}),
      },
      optimization: { disable_specified_optimizers: withoutOptimizers(device, weightsInPlace) },
    },
  } as const;
}

function withoutOptimizers(device: DeviceName, weightsInPlace: boolean): string {
  return [
    ...(device === 'cpu' ? unneededOptimizers : []),
    ...(weightsInPlace ? ['ConstantFolding', 'CommonSubexpressionElimination'] : []),
  ].join(';');
}
