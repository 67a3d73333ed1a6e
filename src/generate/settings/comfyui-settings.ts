/** @file The graph of nodes that ComfyUI writes into pictures: what its usual nodes say. */
import * as z from 'zod';
import { literalTemplate } from '../../base/subject-template.ts';
import { closestSamplerName } from '../../diffusion/samplers/index.ts';
import { parseJson } from '../../formats/parse-json.ts';
import type { FoundSettings } from './settings-of-picture.ts';

const nodeSchema = z.looseObject({
  class_type: z.string(),
  inputs: z.record(z.string(), z.unknown()),
});
const graphSchema = z.record(z.string(), nodeSchema);
/** An output of another node. */
const linkSchema = z.tuple([z.string(), z.number()]);
/** Nodes between a sampler and what it uses; longer chains are loops. */
const longestChain = 100;

type Node = z.output<typeof nodeSchema>;
type Graph = Readonly<Record<string, Node>>;

/** What the graph's sampler, prompts, latents and adapters say; undefined where it is no graph, or has no sampler. */
export function comfyuiSettings(text: string): FoundSettings | undefined {
  const parsed = graphSchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const graph: Graph = parsed.data;
  const sampler = Object.values(graph).find(({ class_type }) => /^KSampler/.test(class_type));
  if (sampler === undefined) return undefined;
  const { inputs } = sampler;
  const latents = chain(graph, inputs.latent_image, 'samples').find(
    ({ inputs: { width } }) => typeof width === 'number',
  );
  const name = samplerName(inputs.sampler_name, inputs.scheduler);
  const prompts = {
    prompt: textAt(graph, inputs.positive),
    negative: textAt(graph, inputs.negative),
  };
  const settings = {
    ...prompts,
    steps: inputs.steps,
    guidance: inputs.cfg,
    seed: inputs.seed ?? inputs.noise_seed,
    width: latents?.inputs.width,
    height: latents?.inputs.height,
    ...(name === undefined ? {} : { sampler: name }),
    count: 1,
  };
  const known = Object.entries(settings)
    .filter(([, value]) => isPlain(value))
    .map(([key, value]) => [key, typeof value === 'string' ? literalTemplate(value) : value]);
  const adapters = chain(graph, inputs.model, 'model').flatMap(
    ({ inputs: { lora_name, strength_model } }) =>
      typeof lora_name === 'string' && typeof strength_model === 'number'
        ? [{ name: lora_name, strength: strength_model }]
        : [],
  );
  const isWeighted = Object.values(prompts).some((text) => /[([]/.test(text ?? ''));
  const notes = [
    ...(name === undefined ? [`The sampler "${inputs.sampler_name}" is not among ours.`] : []),
    ...(isWeighted
      ? ['Weights in brackets are read as A1111 does; ComfyUI weighs otherwise.']
      : []),
  ];
  return { from: 'comfyui', settings: Object.fromEntries(known), adapters, notes };
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

function samplerName(name: unknown, scheduler: unknown) {
  if (typeof name !== 'string') return undefined;
  return closestSamplerName(`${name} ${scheduler}`) ?? closestSamplerName(name);
}

/** The nodes that a link leads to, one after the other along an input of theirs. */
function chain(graph: Graph, link: unknown, along: string): readonly Node[] {
  const nodes: Node[] = [];
  for (let next = link; nodes.length < longestChain; ) {
    const found = linkSchema.safeParse(next);
    const node =
      found.success && Object.hasOwn(graph, found.data[0]) ? graph[found.data[0]] : undefined;
    if (node === undefined) break;
    nodes.push(node);
    next = node.inputs[along];
  }
  return nodes;
}

/** The text of the first node along a conditioning that has one. */
function textAt(graph: Graph, link: unknown): string | undefined {
  for (const { inputs } of chain(graph, link, 'conditioning')) {
    const { text } = inputs;
    if (typeof text === 'string') return text;
    const linked = chain(graph, text, 'text').find(({ inputs: { text, string, value } }) =>
      [text, string, value].some((each) => typeof each === 'string'),
    );
    const found = [linked?.inputs.text, linked?.inputs.string, linked?.inputs.value].find(
      (each) => typeof each === 'string',
    );
    if (typeof found === 'string') return found;
  }
  return undefined;
}
