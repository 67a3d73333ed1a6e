/** @file Methods of other tools whose files are recognised by the names of their tensors, to be refused by name. */

/** A method that no reader here reads. */
export interface UnreadMethod {
  readonly title: string;
  /** Fits the end of a tensor's name that only this method has. */
  readonly ending: RegExp;
}

/** The last word of a name, which PEFT may follow with the name of an adapter. */
const last = (words: string) => new RegExp(`\\.(${words})(\\.[^.]+)?$`);

const unreadMethods: readonly UnreadMethod[] = [
  { title: 'OFT with its rotations written out', ending: /\.oft_diag$/ },
  {
    title: 'LoRA with a bias of its own',
    ending: /\.(lora_[AB](\.[^.]+)?|lora_(up|down))\.bias$|\.lora_bias$/,
  },
  { title: 'LoRA of a table of tokens', ending: last('lora_embedding_[AB]') },
  { title: 'LoRA in several pieces', ending: /\.lora_(up|down)\.\d+\.weight$/ },
  { title: "PEFT's GLoRA", ending: /\.glora_[A-E]([du]?(\.[^.]+)?|(\.[^.]+)?\.(X[du]?|zeros))$/ },
  { title: 'VeRA', ending: last('vera_lambda_[bd]|vera_[AB]') },
  { title: 'FourierFT', ending: last('fourierft_spectrum') },
  { title: 'HRA', ending: last('hra_u') },
  { title: 'Bone', ending: last('bone_block|miss_block') },
  { title: 'VB-LoRA', ending: last('vblora_logits_[AB]|vblora_vector_bank') },
  {
    title: "ComfyUI's weights that take the place of the base's",
    ending: /\.(set_weight|reshape_weight)$/,
  },
];

/** The method that a tensor's name shows, where it is one that is not read. */
export function unreadMethodOf(tensor: string): UnreadMethod | undefined {
  return unreadMethods.find(({ ending }) => ending.test(tensor));
}
