import { describe, expect, test } from 'vitest';
import { Graph, input } from '../graph/index.ts';
import { embedding, groupNorm, layerNorm, linear } from './index.ts';
import { Scope } from './scope.ts';

function traced(): { graph: Graph; root: Scope } {
  const graph = new Graph();
  return { graph, root: Scope.root(graph) };
}

describe('a scope', () => {
  test('names weights by the module path, dots in child names included', () => {
    const { graph, root } = traced();
    const x = input(graph, 'x', 'f32', [2, 4]);
    const block = root.child('blocks').child(1);
    linear(block.child('attn.to_q'), x, { out: 6 });
    layerNorm(block.child('norm'), x);
    embedding(root.child('tokens'), input(graph, 'ids', 'i64', [3]), { entries: 9, size: 4 });
    root.weight('scale', [1]);
    expect([...root.weights].map(([name, { shape }]) => [name, shape])).toEqual([
      ['blocks.1.attn.to_q.weight', [6, 4]],
      ['blocks.1.attn.to_q.bias', [6]],
      ['blocks.1.norm.weight', [4]],
      ['blocks.1.norm.bias', [4]],
      ['tokens.weight', [9, 4]],
      ['scale', [1]],
    ]);
  });

  test('gives a weight that is asked for twice only once', () => {
    const { graph, root } = traced();
    const x = input(graph, 'x', 'f32', [2, 4]);
    const layer = root.child('layer');
    expect(layer.weight('weight', [4, 4])).toBe(root.child('layer').weight('weight', [4, 4]));
    linear(layer, linear(layer, x, { out: 4, bias: false }), { out: 4, bias: false });
    expect([...root.weights.keys()]).toEqual(['layer.weight']);
    expect(root.sites.map(({ name }) => name)).toEqual(['layer']);
  });

  test('widens a stored half float to float32, and adds nothing to a float32', () => {
    const graph = new Graph();
    const root = Scope.root(graph, {
      stored: (name) => ({ dtype: name === 'half' ? 'bf16' : 'f32', shape: [3] }),
    });
    const half = root.weight('half', [3]);
    expect(half.dtype).toBe('f32');
    expect(half.node.operation.name).toBe('cast');
    expect(half.node.inputs[0]?.dtype).toBe('bf16');
    expect(root.weight('full', [3]).node.operation.name).toBe('weight');
  });

  test('declares every linear layer as a site, in the order of the computation', () => {
    const { graph, root } = traced();
    const x = input(graph, 'x', 'f32', [2, 5, 4]);
    linear(root.child('second'), linear(root.child('first'), x, { out: 6 }), { out: 3 });
    expect(root.sites).toEqual([
      { name: 'first.bias', kind: 'vector', out: 6, in: 1 },
      { name: 'first', kind: 'linear', out: 6, in: 4 },
      { name: 'second.bias', kind: 'vector', out: 3, in: 1 },
      { name: 'second', kind: 'linear', out: 3, in: 6 },
    ]);
  });

  test('lets a hook compute the product of a site, and adds the bias after it', () => {
    const graph = new Graph();
    const seen: string[] = [];
    const root = Scope.root(graph, {
      hook: {
        product: (site, x, weight) => {
          seen.push(`${site.name} ${weight.shape}`);
          return site.name === 'mine' ? x : undefined;
        },
        weight: () => undefined,
      },
    });
    const x = input(graph, 'x', 'f32', [2, 4]);
    const adapted = linear(root.child('mine'), x, { out: 4 });
    expect(adapted.node.operation.name).toBe('add');
    expect(adapted.node.inputs[0]).toBe(x);
    expect(linear(root.child('mine'), x, { out: 4, bias: false })).toBe(x);
    expect(linear(root.child('other'), x, { out: 3 }).node.operation.name).toBe('linear');
    expect(seen).toEqual(['mine 4,4', 'mine 4,4', 'other 3,4']);
  });

  test('names the module in the error where shapes do not fit', () => {
    const { graph, root } = traced();
    const layer = root.child('mid_block.attentions.0.proj_in');
    layer.weight('weight', [4, 9]);
    expect(() => linear(layer, input(graph, 'x', 'f32', [2, 4]), { out: 4 })).toThrow(
      'mid_block.attentions.0.proj_in: linear(f32[2, 4], f32[4, 9], f32[4]): the input has 4 features, the weight takes 9',
    );
  });
});

test('a group norm refuses channels that do not split into its groups', () => {
  const { graph, root } = traced();
  const x = input(graph, 'x', 'f32', [1, 12, 4, 4]);
  expect(() => groupNorm(root.child('norm1'), x, { groups: 8, epsilon: 1e-5 })).toThrow(
    'norm1: 12 channels do not split into 8 groups',
  );
});
