import { describe, expect, test } from 'vitest';
import { ConfigError } from '../base/errors.ts';
import {
  adapterRequestSchema,
  formatAdapterRequest,
  parseAdapterRequest,
  requestOfFile,
} from './adapter-request.ts';

const plain = { file: 'dog.safetensors', strength: 1, strengths: {}, from: 0, to: 1 };

describe('an adapter on the command line', () => {
  test.each([
    ['dog.safetensors', plain],
    ['dog.safetensors=0.8', { ...plain, strength: 0.8 }],
    ['dog.safetensors=-1e-1', { ...plain, strength: -0.1 }],
    ['dog.safetensors,attn2.*=0.5', { ...plain, strengths: { 'attn2.*': 0.5 } }],
    [
      'dog.safetensors=2,attn2.*=0.5,to_q=0,from=0.2,to=0.9',
      { ...plain, strength: 2, strengths: { 'attn2.*': 0.5, to_q: 0 }, from: 0.2, to: 0.9 },
    ],
    // Names may hold equals signs.
    ['runs/rate=1/adapter', { ...plain, file: 'runs/rate=1/adapter' }],
    ['rate=1.safetensors', { ...plain, file: 'rate=1.safetensors' }],
    ['rate=1.safetensors=0.5', { ...plain, file: 'rate=1.safetensors', strength: 0.5 }],
    // And commas, where their end tells what they are.
    ['c,d=0.5.safetensors', { ...plain, file: 'c,d=0.5.safetensors' }],
    ['a,b/dog.pt=0.5,to=0.5', { ...plain, file: 'a,b/dog.pt', strength: 0.5, to: 0.5 }],
    ['runs/a,b/', { ...plain, file: 'runs/a,b/' }],
    ['runs/dog=0.5', { ...plain, file: 'runs/dog', strength: 0.5 }],
  ])('%s', (text, request) => {
    expect(parseAdapterRequest(text)).toEqual(request);
    expect(parseAdapterRequest(formatAdapterRequest(request))).toEqual(request);
    expect(adapterRequestSchema.parse(text)).toEqual(request);
  });

  test.each([
    ['', 'there is no file'],
    ['=0.5', 'there is no file'],
    ['dog.safetensors=strong', 'expected a number after "dog.safetensors=", got "strong"'],
    ['dog.safetensors=', 'expected a number after "dog.safetensors=", got ""'],
    ['dog.safetensors,attn2.*', '"attn2.*" is no name=number'],
    ['dog.safetensors,', '"" is no name=number'],
    ['dog.safetensors,attn2.*=half', 'expected a number after "attn2.*=", got "half"'],
    ['dog.safetensors,to_q=1,to_q=2', '"to_q" is given twice'],
    ['dog.safetensors,from=-1', 'from is -1'],
    ['dog.safetensors,to=20', 'to is 20'],
    ['dog.safetensors,from=0.5,to=0.5', 'from 0.5 is not below to 0.5'],
  ])('"%s" is refused', (text, problem) => {
    expect(() => parseAdapterRequest(text)).toThrow(ConfigError);
    expect(() => parseAdapterRequest(text)).toThrow(`adapter "${text}": ${problem}; `);
  });
});

test.each([
  ['dog.safetensors', 'dog.safetensors'],
  ['a, b=1.safetensors', 'a, b=1.safetensors'],
  ['runs/rate=1', 'runs/rate=1/'],
  ['runs/a,b', 'runs/a,b/'],
])('%s is asked for as %s', (path, text) => {
  expect(requestOfFile(path)).toBe(text);
  expect(parseAdapterRequest(text)).toEqual({ ...plain, file: text });
});

test('an adapter in a configuration may have any name', () => {
  const request = { file: 'a, b=1', from: 0.5 };
  expect(adapterRequestSchema.parse(request)).toEqual({ ...plain, ...request });
  expect(adapterRequestSchema.safeParse({ ...request, to: 0.4 }).success).toBe(false);
  expect(adapterRequestSchema.safeParse({ ...request, weight: 1 }).success).toBe(false);
});
