/** @file What is understood of the settings inside a picture, whichever tool wrote them. */

/** What a picture says of how it was made. */
export interface FoundSettings {
  /** The tool whose words they are. */
  readonly from: 'krona' | 'a1111' | 'comfyui';
  /** Of generating, by our names. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** As the picture names them. */
  readonly adapters: readonly { readonly name: string; readonly strength: number }[];
  /** What was not understood, one sentence each. */
  readonly notes: readonly string[];
}
