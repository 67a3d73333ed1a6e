/** @file The text form of a program: what tests compare and people read. */
import { elementCount, formatShape, type Tensor } from '../tensor/tensor.ts';
import { type Attribute, formatType, type Node, type Program, type Value } from './graph.ts';
import { isTensor } from './passes/deduplicate.ts';

/**
 * One line per node, values numbered in order: `%3: f32[2, 4] = linear(%0, %1)  # down_blocks.0`.
 * Inputs, weights and small constants are written where they are used.
 */
export function print(program: Program, { locations = false } = {}): string {
  const names = new Map<Value, string>();
  const lines: string[] = [];
  const nameOf = (value: Value) => names.get(value) ?? '%?';
  let next = 0;
  for (const node of program.graph.nodes) {
    for (const output of node.outputs) names.set(output, inlineName(node) ?? `%${next++}`);
    if (inlineName(node) !== undefined) continue;
    const left = node.outputs
      .map((output) => `${nameOf(output)}: ${formatType(output)}`)
      .join(', ');
    const call = `${node.operation.name}(${node.inputs.map(nameOf).join(', ')})`;
    const place = locations && node.location !== '' ? `  # ${node.location}` : '';
    lines.push(`${left} = ${call}${formatAttributes(node)}${place}`);
  }
  for (const [name, value] of Object.entries(program.outputs)) {
    lines.push(`return ${name} = ${nameOf(value)}`);
  }
  return lines.join('\n');
}

/** How a leaf reads inside the line that uses it. */
function inlineName({ operation }: Node): string | undefined {
  const { name, value } = operation.attributes;
  if (operation.name === 'input' || operation.name === 'weight') return `${operation.name}:${name}`;
  if (operation.name === 'constant' && value !== undefined && isTensor(value))
    return formatTensor(value);
  return undefined;
}

function formatTensor(value: Tensor): string {
  if (elementCount(value.shape) !== 1) return `${value.dtype}${formatShape(value.shape)}`;
  return String(Number(Number(value.data[0]).toPrecision(6)));
}

function formatAttributes({ operation }: Node): string {
  const entries = Object.entries(operation.attributes).filter(([, value]) => value !== false);
  if (entries.length === 0) return '';
  return ` {${entries.map(([name, value]) => `${name}: ${formatAttribute(value)}`).join(', ')}}`;
}

function formatAttribute(value: Attribute): string {
  if (Array.isArray(value)) return formatShape(value);
  return typeof value === 'object' && isTensor(value) ? formatTensor(value) : String(value);
}
