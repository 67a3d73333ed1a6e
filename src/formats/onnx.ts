/** @file Encodes an ONNX model (onnx.proto, IR version 10) from plain values: a small protobuf writer and the few messages needed. */
import { bytesPerElement, type DType, type Tensor } from '../tensor/tensor.ts';
import { MessageWriter } from './protobuf.ts';

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
  i8: 3,
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
  const writer = new MessageWriter();
  writer.integer(1, irVersion);
  writer.text(2, 'diffusekrona');
  writer.message(7, () => writeGraph(writer, model));
  const operators = { '': opset, 'com.microsoft': microsoftOpset };
  for (const [domain, version] of Object.entries(operators)) {
    writer.message(8, () => {
      writer.text(1, domain);
      writer.integer(2, version);
    });
  }
  return writer.finish();
}

function writeGraph(writer: MessageWriter, model: OnnxModel): void {
  const { name, nodes, initializers, inputs, outputs } = model;
  for (const node of nodes) writer.message(1, () => writeNode(writer, node));
  writer.text(2, name);
  for (const each of initializers) writer.message(5, () => writeInitializer(writer, each));
  for (const value of inputs) writer.message(11, () => writeValue(writer, value));
  for (const value of outputs) writer.message(12, () => writeValue(writer, value));
}

function writeNode(writer: MessageWriter, node: OnnxNode): void {
  const dot = node.type.lastIndexOf('.');
  for (const name of node.inputs) writer.text(1, name);
  for (const name of node.outputs) writer.text(2, name);
  writer.text(3, node.name);
  writer.text(4, node.type.slice(dot + 1));
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, () => writeAttribute(writer, name, value));
  }
  if (dot >= 0) writer.text(7, node.type.slice(0, dot));
}

/** AttributeProto.type is 1 for a float, 2 an int, 3 a string, 7 ints. */
function writeAttribute(writer: MessageWriter, name: string, value: OnnxAttributeValue): void {
  const type = (number: number) => writer.integer(20, number);
  writer.text(1, name);
  if ('float' in value) {
    writer.float(2, value.float);
    type(1);
  } else if ('int' in value) {
    writer.integer(3, value.int);
    type(2);
  } else if ('string' in value) {
    writer.text(4, value.string);
    type(3);
  } else {
    for (const int of value.ints) writer.integer(8, int);
    type(7);
  }
}

/** ValueInfoProto with a TypeProto.Tensor of static dimensions. */
function writeValue(writer: MessageWriter, { name, dtype, shape }: OnnxValue): void {
  writer.text(1, name);
  writer.message(2, () => {
    writer.message(1, () => {
      writer.integer(1, onnxDType[dtype]);
      writer.message(2, () => {
        for (const size of shape) writer.message(1, () => writer.integer(1, size));
      });
    });
  });
}

function writeInitializer(writer: MessageWriter, initializer: OnnxInitializer): void {
  if ('value' in initializer) {
    const { dtype, shape, data } = initializer.value;
    const length = data.length * bytesPerElement[dtype];
    writeTensorHead(writer, { name: initializer.name, dtype, shape });
    writer.bytes(9, new Uint8Array(data.buffer, data.byteOffset, length));
    return;
  }
  const { file, offset, byteLength } = initializer;
  writeTensorHead(writer, initializer);
  const entries = { location: file, offset: String(offset), length: String(byteLength) };
  for (const [key, value] of Object.entries(entries)) {
    writer.message(13, () => {
      writer.text(1, key);
      writer.text(2, value);
    });
  }
  writer.integer(14, 1); // data_location = EXTERNAL
}

function writeTensorHead(writer: MessageWriter, { name, dtype, shape }: OnnxValue): void {
  for (const size of shape) writer.integer(1, size);
  writer.integer(2, onnxDType[dtype]);
  writer.text(8, name);
}
