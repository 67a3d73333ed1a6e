/** @file Which of ONNX Runtime's graph optimizers need not look at our programs: each reads the whole graph several times. */

/** They look for operators that the compiler never writes; first those of 8-bit models. */
const ofOtherOperators = [
  'DoubleQDQPairsRemover',
  'QDQPropagationTransformer',
  'WeightBiasQuantization',
  'EnsureUniqueDQForNodeUnit',
  'WhereDummyDq',
  'QDQS8ToU8Transformer',
  'QDQSelectorActionTransformer',
  'QDQFinalCleanupTransformer',
  'MatMulIntegerToFloatFusion',
  'DynamicQuantizeMatMulFusion',
  'MatMulNBitsFusion',
  'FreeDimensionOverrideTransformer',
  'SliceConcatToSpaceToDepthFusion',
  'BiasDropoutFusion',
  'GroupQueryAttentionFusion',
  'GroupQueryAttentionPreNormFusion',
  'EmbedLayerNormFusion',
  'GatherToSliceFusion',
  'GemmActivationFusion',
  'ConvActivationFusion',
  'MatMulActivationFusion',
  'NhwcTransformer',
];

/** They put together what the compiler writes as one operator: activations, normalisation, attention. */
const ofParts = [
  'GeluFusionL1',
  'GeluFusionL2',
  'FastGeluFusion',
  'QuickGeluFusion',
  'LayerNormFusionL1',
  'LayerNormFusionL2',
  'SimplifiedLayerNormFusion',
  'AttentionFusion',
];

/** What they do is done (emit.ts), or moves elements in another way that is no faster. */
const ofWorkDone = ['ConstantSharing', 'ReshapeFusion', 'GatherSliceToSplitFusion'];

/**
 * Optimizers that change no byte of any result, found by running every kind of program with and without them, on the
 * CPU. Opening a session takes less than two thirds of the time without them; one that is missing here costs time, one
 * too many would cost speed. `TransposeOptimizer` is none of them: it changes the order of sums.
 */
export const unneededOptimizers: readonly string[] = [
  ...ofOtherOperators,
  ...ofParts,
  ...ofWorkDone,
];
