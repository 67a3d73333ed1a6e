/** @file Recognises safetensors files that are not ours, so that the error can name them and say what to do. */
import { sameShape, type Tensor } from '../../tensor/tensor.ts';
import { unreadMethodOf } from './unread-methods.ts';

interface Kind {
  /** At least one tensor's name matches, and `also` holds. */
  readonly name: RegExp;
  readonly also?: (tensors: ReadonlyMap<string, Tensor>) => boolean;
  readonly meaning: string;
}

const use = 'use it with a base of its kind';

/** From the most to the least specific; the first that fits is named. */
const kinds: readonly Kind[] = [
  {
    name: /\.processor\.to_\w+_lora\.(down|up)\.weight$/,
    also: hasKroneckerFactors,
    meaning: `a DiffuseKronA checkpoint of the published code (its Kronecker product has permuted rows); ${use}`,
  },
  { name: /\.lokr_(w1|w2|t2)/, meaning: `a LoKr file (LyCORIS, kohya or PEFT); ${use}` },
  { name: /\.hada_w[12]/, meaning: `a LoHa file (LyCORIS or PEFT); ${use}` },
  { name: /\.(boft_[Rs]|oft_(blocks|R|diag))\b/, meaning: `an OFT or BOFT file; ${use}` },
  { name: /\.[ab][12]\.weight$/, meaning: `a GLoRA file (LyCORIS); ${use}` },
  { name: /\.(on_input|ia3_l)$/, meaning: `an (IA)³ file (LyCORIS or PEFT); ${use}` },
  {
    name: /\.(diff|diff_b|w_norm|b_norm)$/,
    meaning: `full differences of weights (LyCORIS); ${use}`,
  },
  { name: /^lora_(unet|te\d?)_/, meaning: `a LoRA file in kohya's naming; ${use}` },
  { name: /^base_model\.model\./, meaning: `an adapter of PEFT; ${use}` },
  {
    name: /lora[._](A|B|down|up|linear_layer)\b/,
    meaning: `a LoRA file in diffusers' naming; ${use}`,
  },
  {
    name: /^(emb_params|clip_[lg]|<.+>)$/,
    meaning: `an embedding, a new word of Textual Inversion; ${use}`,
  },
  {
    name: /(^|\/)(mean|square)\/|(^|[./])exp_avg(_sq)?([./]|$)/,
    meaning:
      'the state of an optimiser, as checkpoints hold it; give adapter.safetensors of the run instead',
  },
  {
    name: /^model\.diffusion_model\./,
    meaning: 'a whole Stable Diffusion checkpoint; give it as the base, in the diffusers layout',
  },
  {
    name: /^(unet\.)?(down_blocks\.0\.|conv_in\.weight$)/,
    meaning: 'the weights of a UNet; give its model folder as the base',
  },
  {
    name: /^(encoder|decoder)\.conv_in\.weight$/,
    meaning: 'the weights of a VAE; give its model folder as the base',
  },
  {
    name: /^(text_model|vision_model)\./,
    meaning: 'the weights of a CLIP model; give its model folder as the base',
  },
];

/** What a safetensors file without our metadata looks like, and what to do about it. */
export function describeForeignFile(tensors: ReadonlyMap<string, Tensor>): string {
  const names = [...tensors.keys()];
  const unread = names.map(unreadMethodOf).find((method) => method !== undefined);
  if (unread !== undefined) return `an adapter of ${unread.title}, a method that is not read here`;
  const kind = kinds.find(
    ({ name, also }) => names.some((key) => name.test(key)) && (also?.(tensors) ?? true),
  );
  if (kind !== undefined) return kind.meaning;
  if (names.length === 0) return 'no tensors at all; give an adapter.safetensors';
  return `tensors such as "${names[0]}" and no metadata of ours; give an adapter.safetensors`;
}

/** In a LoRA the inner sizes of down [rank, in] and up [out, rank] agree; Kronecker factors have no inner size. */
function hasKroneckerFactors(tensors: ReadonlyMap<string, Tensor>): boolean {
  return [...tensors].some(([name, down]) => {
    const up = tensors.get(name.replace(/\.down\.weight$/, '.up.weight'));
    return (
      name.endsWith('.down.weight') &&
      up !== undefined &&
      !sameShape(down.shape.slice(0, 1), up.shape.slice(1))
    );
  });
}
