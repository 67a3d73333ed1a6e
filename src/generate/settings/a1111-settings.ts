/** @file The line of settings that A1111 writes into pictures, and others after it. */
import { required } from '../../base/required.ts';
import { literalTemplate } from '../../base/subject-template.ts';
import { closestSamplerName } from '../../diffusion/samplers/index.ts';
import type { FoundSettings } from './settings-of-picture.ts';

/** `Steps: 20, Sampler: Euler a, ...`: where the prompts end. */
const factsLine = /^Steps: *\d+/;
/** A name, and a value that may be quoted as JSON quotes. */
const fact = /\s*([\w][\w /-]*): *("(?:[^"\\]|\\.)*"|[^,]*)(?:,|$)/g;
/** `<lora:dog:0.8>` */
const loraTag = /<lora:([^:>]+)(?::([-+.\d]+))?[^>]*>/g;
const negativeStart = 'Negative prompt:';

/** What the text says; undefined where it is no such text. */
export function a1111Settings(text: string): FoundSettings | undefined {
  const lines = text.split('\n');
  const at = lines.findLastIndex((line) => factsLine.test(line));
  if (at === -1) return undefined;
  const facts = new Map(
    [...required(lines, at).matchAll(fact)].map(([, name = '', value = '']) => [
      name,
      value.trim(),
    ]),
  );
  const split = lines.findIndex((line) => line.startsWith(negativeStart));
  const isSplit = split !== -1 && split < at;
  const prompt = lines.slice(0, isSplit ? split : at).join('\n');
  const negative = isSplit ? lines.slice(split, at).join('\n').slice(negativeStart.length) : '';
  const adapters = [...prompt.matchAll(loraTag)].map(([, name = '', strength = '1']) => ({
    name,
    strength: Number(strength),
  }));
  const sampler = samplerOf(facts);
  const [, width, height] = /^(\d+)x(\d+)$/.exec(facts.get('Size') ?? '') ?? [];
  const settings = {
    prompt: literalTemplate(prompt.replace(loraTag, '').trim()),
    negative: literalTemplate(negative.trim()),
    steps: numberIn(facts.get('Steps')),
    guidance: numberIn(facts.get('CFG scale')),
    seed: numberIn(facts.get('Seed')),
    width: numberIn(width),
    height: numberIn(height),
    ...strengths(facts),
    clipSkip: numberIn(facts.get('Clip skip')),
    sampler: sampler.name,
    count: 1,
  };
  const known = Object.entries(settings).filter(([, value]) => value !== undefined);
  return { from: 'a1111', settings: Object.fromEntries(known), adapters, notes: sampler.notes };
}

/** Of a second pass, where there is one; otherwise of the picture that was begun with. */
function strengths(facts: ReadonlyMap<string, string>) {
  const noise = numberIn(facts.get('Denoising strength'));
  const upscale = numberIn(facts.get('Hires upscale'));
  if (upscale === undefined) return { noise };
  return {
    upscale,
    upscaleNoise: noise,
    // 0 stands for as many as the first pass makes.
    upscaleSteps: numberIn(facts.get('Hires steps')) || undefined,
    upscaler: /^latent\b/i.test(facts.get('Hires upscaler') ?? 'Latent') ? 'latent' : 'lanczos',
  };
}

/** Newer versions name the schedule beside the sampler. */
function samplerOf(facts: ReadonlyMap<string, string>) {
  const given = facts.get('Sampler');
  if (given === undefined) return { name: undefined, notes: [] };
  const schedule = facts.get('Schedule type');
  const whole = schedule === undefined || schedule === 'Automatic' ? given : `${given} ${schedule}`;
  const name = closestSamplerName(whole) ?? closestSamplerName(given);
  return { name, notes: name === undefined ? [`The sampler "${whole}" is not among ours.`] : [] };
}

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
