/** @file Captions of tags in several orders. */
import { required } from '../../base/required.ts';
import type { TorchGenerator } from '../../base/torch-random.ts';

/** A comma between tags; those within brackets are of a tag. */
const separator = /,(?![^([{]*[)\]}])/;

export interface TagOrders {
  /** How many orders are drawn; equal ones count once. */
  readonly count: number;
  /** Tags at the beginning that stay. */
  readonly keep: number;
}

/** Orders of a text's tags, all of them drawn, each once; a text with nothing to shuffle is its only order. */
export function tagOrders(
  text: string,
  { count, keep }: TagOrders,
  generator: TorchGenerator,
): readonly string[] {
  const tags = text
    .split(separator)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  const [fixed, free] = [tags.slice(0, keep), tags.slice(keep)];
  if (free.length < 2) return [text];
  const orders = Array.from({ length: count }, () =>
    [...fixed, ...Array.from(generator.randperm(free.length), (at) => required(free, at))].join(
      ', ',
    ),
  );
  return [...new Set(orders)];
}
