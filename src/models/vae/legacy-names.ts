/** @file Tensor names of VAE files written before 2023: the attention's projections had other names. */

const projections: Readonly<Record<string, string>> = {
  query: 'to_q',
  key: 'to_k',
  value: 'to_v',
  proj_attn: 'to_out.0',
};

/** Today's name of a tensor in a VAE file; names that are current already stay as they are. */
export function currentVaeName(name: string): string {
  return name.replace(
    /(\.attentions\.0\.)(query|key|value|proj_attn)(?=\.)/,
    (_, before: string, projection: string) => before + projections[projection],
  );
}
