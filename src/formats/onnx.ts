/** @file Encodes an ONNX model (onnx.proto, IR version 10) from plain values: a small protobuf writer and the few messages needed. */
import { bytesPerElement, type DType, type Tensor } from '../tensor/tensor.ts';
import { bytesField, float, integer, join, message, text } from './protobuf.ts';

export interface OnnxModel {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
}

export interface OnnxNode {
  readonly name: string;
  /** `Conv`, or `com.microsoft.QuickGelu`: the part before the last dot is the domain. */
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttributeValue>>;
}

export type OnnxAttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] };

export interface OnnxValue {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** A tensor inside the model, or a range of a file beside it. */
export type OnnxInitializer =
  | { readonly name: string; readonly value: Tensor }
  | (OnnxValue & { readonly file: string; readonly offset: number; readonly byteLength: number });

/** Numbers of TensorProto.DataType. */
export const onnxDType = {
  f32: 1,
  u8: 2,
  i32: 6,
  i64: 7,
  bool: 9,
  f16: 10,
  f64: 11,
  bf16: 16,
  f8e4m3: 17,
  f8e5m2: 19,
} as const satisfies Record<DType, number>;

const opset = 20;
const microsoftOpset = 1;
const irVersion = 10;

/** The bytes of a ModelProto. */
export function encodeOnnx(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const graph = [
    ...model.nodes.map((node) => message(1, encodeNode(node))),
    text(2, model.name),
    ...model.initializers.map((initializer) => message(5, encodeInitializer(initializer))),
    ...model.inputs.map((value) => message(11, encodeValue(value))),
    ...model.outputs.map((value) => message(12, encodeValue(value))),
  ];
  return join([
    integer(1, irVersion),
    text(2, 'diffusekrona'),
    message(7, graph),
    message(8, [text(1, ''), integer(2, opset)]),
    message(8, [text(1, 'com.microsoft'), integer(2, microsoftOpset)]),
  ]);
}

function encodeNode(node: OnnxNode): Uint8Array[] {
  const dot = node.type.lastIndexOf('.');
  return [
    ...node.inputs.map((name) => text(1, name)),
    ...node.outputs.map((name) => text(2, name)),
    text(3, node.name),
    text(4, node.type.slice(dot + 1)),
    ...Object.entries(node.attributes).map(([name, value]) =>
      message(5, encodeAttribute(name, value)),
    ),
    ...(dot < 0 ? [] : [text(7, node.type.slice(0, dot))]),
  ];
}

/** AttributeProto.type is 1 for a float, 2 an int, 3 a string, 7 ints. */
function encodeAttribute(name: string, value: OnnxAttributeValue): Uint8Array[] {
  if ('float' in value) return [text(1, name), float(2, value.float), integer(20, 1)];
  if ('int' in value) return [text(1, name), integer(3, value.int), integer(20, 2)];
  if ('string' in value) return [text(1, name), text(4, value.string), integer(20, 3)];
  return [text(1, name), ...value.ints.map((int) => integer(8, int)), integer(20, 7)];
}

/** ValueInfoProto with a TypeProto.Tensor of static dimensions. */
function encodeValue({ name, dtype, shape }: OnnxValue): Uint8Array[] {
  const dimensions = shape.map((size) => message(1, [integer(1, size)]));
  const tensorType = [integer(1, onnxDType[dtype]), message(2, dimensions)];
  return [text(1, name), message(2, [message(1, tensorType)])];
}

function encodeInitializer(initializer: OnnxInitializer): Uint8Array[] {
  if ('value' in initializer) {
    const { dtype, shape, data } = initializer.value;
    const bytes = new Uint8Array(
      data.buffer,
      data.byteOffset,
      data.length * bytesPerElement[dtype],
    );
    return [...tensorHead(initializer.name, dtype, shape), bytesField(9, bytes)];
  }
  const { name, dtype, shape, file, offset, byteLength } = initializer;
  const entry = (key: string, value: string) => message(13, [text(1, key), text(2, value)]);
  return [
    ...tensorHead(name, dtype, shape),
    entry('location', file),
    entry('offset', String(offset)),
    entry('length', String(byteLength)),
    integer(14, 1), // data_location = EXTERNAL
  ];
}

function tensorHead(name: string, dtype: DType, shape: readonly number[]): Uint8Array[] {
  return [...shape.map((size) => integer(1, size)), integer(2, onnxDType[dtype]), text(8, name)];
}
