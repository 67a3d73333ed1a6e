/** @file The tensors of one module in other tools' files: one role whatever the spelling. */

/** Endings of names, with what the tensor is. */
const endings = {
  '.alpha': 'alpha',
  '.lora_down.weight': 'down',
  '.lora_up.weight': 'up',
  '.lora_mid.weight': 'mid',
  '.lora_A.weight': 'down',
  '.lora_B.weight': 'up',
  '.lora.down.weight': 'down',
  '.lora.up.weight': 'up',
  '_lora.down.weight': 'down',
  '_lora.up.weight': 'up',
  '.lora_linear_layer.down.weight': 'down',
  '.lora_linear_layer.up.weight': 'up',
  '.dora_scale': 'magnitude',
  '.lora_magnitude_vector': 'magnitude',
  '.lora_magnitude_vector.weight': 'magnitude',
  '.lokr_w1': 'lokr_w1',
  '.lokr_w1_a': 'lokr_w1_a',
  '.lokr_w1_b': 'lokr_w1_b',
  '.lokr_w2': 'lokr_w2',
  '.lokr_w2_a': 'lokr_w2_a',
  '.lokr_w2_b': 'lokr_w2_b',
  '.lokr_t2': 'lokr_t2',
  '.hada_w1_a': 'hada_w1_a',
  '.hada_w1_b': 'hada_w1_b',
  '.hada_w2_a': 'hada_w2_a',
  '.hada_w2_b': 'hada_w2_b',
  '.hada_t1': 'hada_t1',
  '.hada_t2': 'hada_t2',
  '.oft_blocks': 'oft_blocks',
  '.oft_R': 'oft_R',
  '.oft_R.weight': 'oft_R',
  '.boft_R': 'boft_R',
  '.boft_s': 'boft_s',
  '.rescale': 'rescale',
  '.a1.weight': 'a1',
  '.a2.weight': 'a2',
  '.b1.weight': 'b1',
  '.b2.weight': 'b2',
  '.bm.weight': 'bm',
  '.ia3_l': 'ia3_l',
  '.on_input': 'on_input',
  '.diff': 'diff',
  '.diff_b': 'diff_b',
  '.w_norm': 'w_norm',
  '.b_norm': 'b_norm',
} as const satisfies Record<string, string>;

/** What every layer of a model has, and a module of (IA)³ beside `on_input`. */
const channelFactors = { ending: '.weight', role: 'ia3_weight', beside: '.on_input' } as const;

/** What a tensor does in its module; where both libraries have it, LyCORIS' name. */
export type Role = (typeof endings)[keyof typeof endings] | (typeof channelFactors)['role'];

/** What the name of a tensor says. */
export interface TensorName {
  readonly module: string;
  readonly role: Role;
  /** The name that PEFT gave to the adapter, where the file was written with it: `default`. */
  readonly adapter: string | undefined;
}

/** PEFT's layers hold a tensor of each adapter: `to_q.lora_A.default.weight`, `to_q.lokr_w1.default`. */
const ofNamedAdapter =
  /^(.*\.(?:lora_[AB]|lora_magnitude_vector|lokr_w[12](?:_[ab])?|lokr_t2|hada_w[12]_[ab]|hada_t[12]|b?oft_R|boft_s|ia3_l))\.([^.]+)(\.weight)?$/;

/**
 * The module that a tensor belongs to, and what it is there; undefined where its ending is none of an adapter's.
 *
 * @param beside the names of the file
 */
export function splitTensorName(
  name: string,
  beside: Pick<ReadonlyMap<string, unknown>, 'has'>,
): TensorName | undefined {
  const [, start, adapter, end = ''] = ofNamedAdapter.exec(name) ?? [];
  const isNamed = start !== undefined && adapter !== 'weight' && adapter !== 'bias';
  const plain = isNamed ? start + end : name;
  const all = Object.keys(endings) as (keyof typeof endings)[];
  const ending = all.find((each) => plain.endsWith(each));
  if (ending === undefined) return factorsOf(name, beside);
  return {
    module: plain.slice(0, -ending.length),
    role: endings[ending],
    adapter: isNamed ? adapter : undefined,
  };
}

function factorsOf(
  name: string,
  files: Pick<ReadonlyMap<string, unknown>, 'has'>,
): TensorName | undefined {
  const { ending, role, beside } = channelFactors;
  const module = name.slice(0, -ending.length);
  if (!name.endsWith(ending) || !files.has(module + beside)) return undefined;
  return { module, role, adapter: undefined };
}

/** How a tool spells the tensors of a module, where it differs from LyCORIS' roles. */
const dialects = {
  kohya: {
    down: '.lora_down.weight',
    up: '.lora_up.weight',
    magnitude: '.dora_scale',
    a1: '.a1.weight',
    a2: '.a2.weight',
    b1: '.b1.weight',
    b2: '.b2.weight',
    ia3_weight: channelFactors.ending,
  },
  diffusers: {
    down: '.lora_A.weight',
    up: '.lora_B.weight',
    magnitude: '.lora_magnitude_vector',
  },
  peft: {
    down: '.lora_A.weight',
    up: '.lora_B.weight',
    magnitude: '.lora_magnitude_vector.weight',
    oft_R: '.oft_R.weight',
  },
  processor: { down: '_lora.down.weight', up: '_lora.up.weight' },
} as const satisfies Record<string, Partial<Record<Role, string>>>;

export type Dialect = keyof typeof dialects;

/** The name of a tensor in a tool's files. */
export function tensorName(module: string, role: Role, dialect: Dialect): string {
  const spelled: Partial<Record<Role, string>> = dialects[dialect];
  return module + (spelled[role] ?? `.${role}`);
}
