import type { Shape } from '../../../base/shape.ts';
import { Message } from './proto.ts';

/** Opset that all operators here are written against (ONNX 1.15). */
const OPSET = 20;
const IR_VERSION = 9;
const CONTRIB = 'com.microsoft';
const BLOCKED = 'com.microsoft.nchwc';

/** TensorProto.DataType of the types in use. */
export const TYPES = { f32: 1, i32: 6, i64: 7, bool: 9 } as const;
export type OnnxType = keyof typeof TYPES;

/** A whole number, text or list of whole numbers; `{ float }` for a fraction. */
export type Attribute = number | string | readonly number[] | { readonly float: number };
type Attributes = Readonly<Record<string, Attribute>>;

interface OnnxNode {
  readonly type: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}
interface Initializer {
  readonly shape: Shape;
  readonly type: OnnxType;
  readonly data: Uint8Array;
}
/** An axis given as text is symbolic. */
type Axes = readonly (number | string)[];
interface Port {
  readonly name: string;
  readonly shape: Axes;
  readonly type: OnnxType;
}

/** Collects an ONNX graph. Values are named by the strings that the methods return. */
export class ModelBuilder {
  private nodes: OnnxNode[] = [];
  private readonly initializers = new Map<string, Initializer>();
  private readonly shared = new Map<string, string>();
  private readonly inputs: Port[] = [];
  private readonly outputs: (Port & { readonly value: string })[] = [];
  private count = 0;

  op(type: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.one(type, inputs, attributes, '');
  }
  /** An operator with two outputs; the second is left out in the end where nothing reads it. */
  pair(
    type: string,
    inputs: readonly string[],
    attributes: Attributes = {},
  ): [first: string, second: string] {
    const outputs: [string, string] = [this.fresh(), this.fresh()];
    this.nodes.push({ type, domain: '', inputs, outputs, attributes });
    return outputs;
  }
  /** An operator of ONNX Runtime's own, outside the ONNX standard. */
  contrib(type: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.one(type, inputs, attributes, CONTRIB);
  }

  /** An operator on ONNX Runtime's blocked layout; undocumented, see blocked.ts. */
  blocked(type: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.one(type, inputs, attributes, BLOCKED);
  }

  /** A constant i64 vector, as axes, shapes and the like are given. */
  ints(values: readonly number[]): string {
    return this.once(`i64[${values}]`, () =>
      this.initializer(BigInt64Array.from(values, BigInt), [values.length], 'i64'),
    );
  }
  /** A constant f32 scalar. */
  float(value: number): string {
    return this.once(`f32 ${Object.is(value, -0) ? '-0' : value}`, () =>
      this.initializer(new Float32Array([value]), [], 'f32'),
    );
  }
  initializer(data: ArrayBufferView, shape: Shape, type: OnnxType, name = this.fresh()): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.set(name, { shape, type, data: bytes });
    return name;
  }

  input(name: string, shape: Axes, type: OnnxType): string {
    this.inputs.push({ name, shape, type });
    return name;
  }
  /** Names a value as an output of the graph. */
  output(name: string, value: string, shape: Axes, type: OnnxType): void {
    this.outputs.push({ name, value: this.op('Identity', [value]), shape, type });
  }

  /** Nodes of each operator type that the finished model has. */
  census(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { type } of this.live()) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  }

  /** The model as ONNX bytes, without what no output needs. */
  finish(): Uint8Array {
    const nodes = this.live();
    const read = new Set(nodes.flatMap((n) => n.inputs));
    const graph = new Message().text(2, 'mlx');
    nodes.forEach((node, i) => {
      graph.message(1, encodeNode(node, i));
    });
    for (const [name, tensor] of this.initializers) {
      if (read.has(name)) graph.message(5, encodeTensor(name, tensor));
    }
    for (const port of this.inputs) graph.message(11, encodePort(port));
    for (const port of this.outputs) graph.message(12, encodePort(port));
    const model = new Message().int(1, IR_VERSION).text(2, 'mlx').message(7, graph);
    model.message(8, new Message().text(1, '').int(2, OPSET));
    for (const domain of [CONTRIB, BLOCKED]) {
      if (nodes.some((n) => n.domain === domain)) model.message(8, new Message().text(1, domain).int(2, 1));
    }
    return model.finish();
  }

  /**
   * The nodes that outputs need. An output gives its name to the value that it stands for, in place of its
   * Identity, so that nothing is copied; unless that is an input, a constant or has another output's name.
   */
  private live(): OnnxNode[] {
    const names = new Map<string, string>();
    const identities = new Map(this.outputs.map((o) => [o.value, o.name]));
    const made = new Set(this.nodes.flatMap((n) => n.outputs));
    for (const {
      type,
      inputs: [source],
      outputs: [own],
    } of this.nodes) {
      if (type !== 'Identity' || source === undefined || own === undefined) continue;
      const output = identities.get(own);
      if (output !== undefined) names.set(made.has(source) && !names.has(source) ? source : own, output);
    }
    const rename = (name: string) => names.get(name) ?? name;
    const wanted = new Set(this.outputs.map((o) => o.name));
    const live: OnnxNode[] = [];
    for (const node of [...this.nodes].reverse()) {
      const outputs = node.outputs.map(rename);
      const inputs = node.inputs.map(rename);
      while (outputs.length > 0 && !wanted.has(outputs.at(-1) ?? '')) outputs.pop();
      if (outputs.length === 0 || inputs[0] === outputs[0]) continue;
      live.push({ ...node, inputs, outputs });
      for (const name of inputs) wanted.add(name);
    }
    return live.reverse();
  }

  private one(type: string, inputs: readonly string[], attributes: Attributes, domain: string): string {
    const output = this.fresh();
    this.nodes.push({ type, domain, inputs, outputs: [output], attributes });
    return output;
  }
  private once(key: string, make: () => string): string {
    const known = this.shared.get(key) ?? make();
    this.shared.set(key, known);
    return known;
  }
  private fresh(): string {
    return `v${this.count++}`;
  }
}

// Field numbers below: onnx/onnx.proto.

function encodeNode(node: OnnxNode, index: number): Message {
  const message = new Message();
  for (const name of node.inputs) message.text(1, name);
  for (const name of node.outputs) message.text(2, name);
  message.text(3, `${node.type}_${index}`).text(4, node.type);
  for (const [name, value] of Object.entries(node.attributes))
    message.message(5, encodeAttribute(name, value));
  return message.text(7, node.domain);
}

function encodeAttribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === 'number') return message.int(3, value).int(20, 2);
  if (typeof value === 'string') return message.text(4, value).int(20, 3);
  if ('float' in value) return message.float(2, value.float).int(20, 1);
  // AttributeProto.ints is proto2 and not packed.
  for (const item of value) message.int(8, item);
  return message.int(20, 7);
}

function encodeTensor(name: string, { shape, type, data }: Initializer): Message {
  const message = new Message();
  for (const size of shape) message.int(1, size);
  return message.int(2, TYPES[type]).text(8, name).bytes(9, data);
}

function encodePort({ name, shape, type }: Port): Message {
  const axes = new Message();
  for (const size of shape) {
    axes.message(1, typeof size === 'number' ? new Message().int(1, size) : new Message().text(2, size));
  }
  const tensor = new Message().int(1, TYPES[type]).message(2, axes);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
