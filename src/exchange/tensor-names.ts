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
  '.rescale': 'rescale',
  '.oft_R': 'oft_R',
  '.oft_R.weight': 'oft_R',
  '.diff': 'diff',
  '.diff_b': 'diff_b',
  '.w_norm': 'w_norm',
  '.b_norm': 'b_norm',
} as const satisfies Record<string, string>;

/** What a tensor does in its module; where both libraries have it, LyCORIS' name. */
export type Role = (typeof endings)[keyof typeof endings];

/** The module that a tensor belongs to, and what it is there; undefined where its ending is none of an adapter's. */
export function splitTensorName(
  name: string,
): { readonly module: string; readonly role: Role } | undefined {
  const all = Object.keys(endings) as (keyof typeof endings)[];
  const ending = all.find((each) => name.endsWith(each));
  return ending && { module: name.slice(0, -ending.length), role: endings[ending] };
}

/** How a tool spells the tensors of a module, where it differs from LyCORIS' roles. */
const dialects = {
  kohya: {
    down: '.lora_down.weight',
    up: '.lora_up.weight',
    magnitude: '.dora_scale',
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
} as const satisfies Record<string, Partial<Record<Role, keyof typeof endings>>>;

export type Dialect = keyof typeof dialects;

/** The name of a tensor in a tool's files. */
export function tensorName(module: string, role: Role, dialect: Dialect): string {
  const spelled: Partial<Record<Role, string>> = dialects[dialect];
  return module + (spelled[role] ?? `.${role}`);
}
