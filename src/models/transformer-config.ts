/** @file The sizes of a stack of transformer layers, and the keys that transformers has for them in config.json. */

export interface TransformerConfig {
  /** Of a state. */
  readonly size: number;
  /** Of the states inside a layer's perceptron. */
  readonly inner: number;
  readonly layers: number;
  readonly heads: number;
  readonly activation: 'quick_gelu' | 'gelu';
  readonly epsilon: number;
}

interface TransformerJson {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly hidden_act: TransformerConfig['activation'];
  readonly layer_norm_eps: number;
}

/** The sizes that a checked config.json states. */
export function transformerConfig(json: TransformerJson): TransformerConfig {
  return {
    size: json.hidden_size,
    inner: json.intermediate_size,
    layers: json.num_hidden_layers,
    heads: json.num_attention_heads,
    activation: json.hidden_act,
    epsilon: json.layer_norm_eps,
  };
}
