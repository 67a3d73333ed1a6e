import { describe, expect, test } from 'vitest';
import { ConfigError } from '../base/errors.ts';
import type { Site } from './site.ts';
import { chooseSites, matchesPattern } from './site-pattern.ts';

const block = 'down_blocks.1.attentions.0.transformer_blocks.0';

function sitesNamed(...names: string[]): Site[] {
  return names.map((name) => ({ name, kind: 'linear', out: 8, in: 8 }));
}

const sites = sitesNamed(
  'time_embedding.linear_1',
  `${block}.attn1.to_q`,
  `${block}.attn1.to_out.0`,
  `${block}.attn2.to_k`,
  `${block}.ff.net.0.proj`,
  `${block}.ff.net.2`,
  'mid_block.attentions.0.transformer_blocks.0.attn2.to_k',
);

function chosen(...targets: string[]): string[] {
  return chooseSites(sites, targets).map(({ name }) => name);
}

describe('a pattern', () => {
  test.each([
    ['to_q', `${block}.attn1.to_q`, true],
    ['o_q', `${block}.attn1.to_q`, false],
    ['attn1', `${block}.attn1.to_q`, false],
    ['attn1.*', `${block}.attn1.to_out.0`, true],
    ['attn*.to_*', `${block}.attn1.to_out.0`, true],
    ['to_out', `${block}.attn1.to_out.0`, false],
    ['down_blocks.*', `${block}.attn1.to_q`, true],
    ['blocks.*', `${block}.attn1.to_q`, false],
    ['down_blocks.*.to_q', `${block}.attn1.to_q`, true],
    ['*', 'anything.at.all', true],
    [`${block}.attn1.to_q`, `${block}.attn1.to_q`, true],
    // Dots and brackets are themselves.
    ['attn1xto_q', 'attn1.to_q', false],
    ['attn1.to_q', 'attn1xto_q', false],
    ['net.[02]', 'ff.net.2', false],
    ['to_(q|k)', 'attn.to_q', false],
  ])('%s on %s: %s', (pattern, name, expected) => {
    expect(matchesPattern(pattern, name)).toBe(expected);
  });
});

describe('choosing sites', () => {
  test('keeps the order of the model, whatever the order of the patterns, and takes none twice', () => {
    expect(chosen('ff.net.2', 'to_q', 'attn1.*')).toEqual([
      `${block}.attn1.to_q`,
      `${block}.attn1.to_out.0`,
      `${block}.ff.net.2`,
    ]);
  });

  test('knows presets: attention, and with the feed-forward', () => {
    expect(chosen('attention')).toEqual(
      sites.map(({ name }) => name).filter((name) => name.includes('attn')),
    );
    expect(chosen('attention+feed-forward')).toEqual(sites.slice(1).map(({ name }) => name));
  });

  test('a preset of its own means the projections of a CLIP encoder, and no others', () => {
    const clip = ['q_proj', 'k_proj', 'v_proj', 'out_proj'].map(
      (name) => `layers.0.self_attn.${name}`,
    );
    const others = ['layers.0.mlp.fc1', 'text_projection'];
    const found = chooseSites(sitesNamed(...clip, ...others), ['text-encoder']);
    expect(found.map((s) => s.name)).toEqual(clip);
  });

  test('refuses a pattern that names nothing, with the nearest that would', () => {
    const choose = () => chosen('attention', 'atn1.to_q');
    expect(choose).toThrow(ConfigError);
    expect(choose).toThrow(expect.objectContaining({ code: 'NO_SITES' }));
    expect(choose).toThrow(
      /"atn1.to_q" names none of the model's 7 sites; did you mean "attn1.to_q"\?/,
    );
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'takes %s, which every object has, for a pattern like any other',
    (name) => {
      expect(() => chosen(name)).toThrow(expect.objectContaining({ code: 'NO_SITES' }));
    },
  );

  test('suggests a preset whose name was mistyped', () => {
    expect(() => chosen('atention')).toThrow('did you mean "attention"?');
  });
});
