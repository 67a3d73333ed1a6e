/** @file The training step in turns with PyTorch's: the fastest of its renderings in each precision. */
import { median } from '../../src/base/numbers/median.ts';
import { precisions, renderingName, tryPeer } from '../peer.ts';
import type { Measurements } from './measurements.ts';
import type { Setting } from './setting.ts';
import { inTurns, startSubject } from './turns.ts';

/** Undefined where there is no peer, which the error stream says. */
export async function stepAgainstPytorch({
  base,
  side,
  setup,
  pairs,
  curvePairs,
  python,
  compiled,
}: Setting): Promise<Measurements['step']> {
  const options = { base, resolution: side, batch: 1 };
  const productRate = await rateOfProduct(options);
  // Before ours, so that nothing else holds memory while renderings are compared.
  const peer = await tryPeer(options, { python, compiled });
  if (peer === null) return undefined;
  await using own = await startSubject('step', options);
  const compared = [];
  for (const precision of precisions) {
    const rendering = peer.fastest[precision];
    await using other = await peer.start(rendering);
    const count = precision === 'float32' ? pairs : curvePairs;
    const turns = await inTurns(own, other, count);
    compared.push({ precision, rendering: renderingName(rendering), ...turns });
  }
  const { version, tried } = peer;
  const flops = own.flops ?? 0;
  return { setup, resolution: side, flops, productRate, version, tried, compared };
}

/** Operations a second of one large product. */
async function rateOfProduct(options: Parameters<typeof startSubject>[1]): Promise<number> {
  await using worker = await startSubject('gemm', options);
  await worker.run();
  const seconds = [];
  for (let i = 0; i < 5; i++) seconds.push((await worker.run()).seconds);
  return (worker.flops ?? 0) / (median(seconds) ?? Number.NaN);
}
