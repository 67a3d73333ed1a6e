/** @file Weights rounded to eight bits with a scale for each output channel: W ≈ diag(s)·Q. */
import { elementCount, float32, type Tensor, tensor } from './tensor.ts';

/** Signed bytes without -128, so that both signs reach as far. */
const largest = 127;

/** s [out]: the largest magnitude of each output channel by 127; 1 of a channel of zeros. */
export function channelScales({ shape, data }: Tensor<'f32'>): Tensor<'f32'> {
  const [out = 0] = shape;
  const inner = data.length / out;
  const scales = new Float32Array(out);
  for (let channel = 0; channel < out; channel++) {
    let most = 0;
    for (let i = channel * inner; i < (channel + 1) * inner; i++) {
      most = Math.max(most, Math.abs(data[i] ?? 0));
    }
    scales[channel] = most === 0 ? 1 : most / largest;
  }
  return float32([out], scales);
}

/** Q: each number by its channel's scale, to the nearest; off by half a scale at most. */
export function roundedChannels(
  { shape, data }: Tensor<'f32'>,
  { data: scales }: Tensor<'f32'>,
): Tensor<'i8'> {
  const inner = data.length / scales.length;
  const rounded = new Int8Array(data.length);
  scales.forEach((scale, channel) => {
    for (let i = channel * inner; i < (channel + 1) * inner; i++) {
      rounded[i] = Math.round((data[i] ?? 0) / scale);
    }
  });
  return tensor('i8', shape, rounded);
}

/** Channels that are moved together, so that what is written stays in the processor's caches. */
const together = 64;

/** [out, in] → [in, out], and [out, in, h, w] → [h·w·in, out], taps outermost. */
export function channelsLast({ shape, data }: Tensor<'i8'>): Tensor<'i8'> {
  const [out = 0, inner = 0, ...kernel] = shape;
  const taps = elementCount(kernel);
  const moved = new Int8Array(data.length);
  for (let first = 0; first < out; first += together) {
    const end = Math.min(out, first + together);
    for (let i = 0; i < inner; i++) {
      for (let tap = 0; tap < taps; tap++) {
        const to = (tap * inner + i) * out;
        const from = i * taps + tap;
        for (let channel = first; channel < end; channel++) {
          moved[to + channel] = data[channel * inner * taps + from] ?? 0;
        }
      }
    }
  }
  return tensor('i8', [taps * inner, out], moved);
}

/** [out, in] as it is, and [out, in, h, w] → [h·w·out, in], the last tap first: as the gradient of the input wants it. */
export function tapsTurned({ shape, data }: Tensor<'i8'>): Tensor<'i8'> {
  const [out = 0, inner = 0, ...kernel] = shape;
  const taps = elementCount(kernel);
  const moved = new Int8Array(data.length);
  for (let channel = 0; channel < out; channel++) {
    for (let tap = 0; tap < taps; tap++) {
      const to = ((taps - 1 - tap) * out + channel) * inner;
      const from = channel * inner * taps + tap;
      for (let i = 0; i < inner; i++) moved[to + i] = data[from + i * taps] ?? 0;
    }
  }
  return tensor('i8', [taps * out, inner], moved);
}
