/** @file Of libheif, compiled to WebAssembly, what the decoder asks of it: its interface in C, where a pointer is a number. */
declare module 'libheif-js/libheif-wasm/libheif-bundle.mjs' {
  /** An instance with a memory of its own. What can fail writes a `heif_error` at the first pointer. */
  export interface Libheif {
    /** The memory; another view of it after every call that takes more. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    readonly HEAPU32: Uint32Array;
    _malloc(bytes: number): number;
    _heif_context_alloc(): number;
    _heif_context_get_security_limits(context: number): number;
    _heif_context_read_from_memory(
      error: number,
      context: number,
      bytes: number,
      length: number,
      options: 0,
    ): void;
    _heif_context_get_primary_image_handle(error: number, context: number, handle: number): void;
    _heif_image_handle_get_width(handle: number): number;
    _heif_image_handle_get_height(handle: number): number;
    _heif_image_handle_has_alpha_channel(handle: number): number;
    _heif_image_handle_is_premultiplied_alpha(handle: number): number;
    _heif_image_handle_get_raw_color_profile_size(handle: number): number;
    _heif_image_handle_get_raw_color_profile(error: number, handle: number, profile: number): void;
    _heif_image_handle_get_nclx_color_profile(error: number, handle: number, profile: number): void;
    _heif_decode_image(
      error: number,
      handle: number,
      image: number,
      colorspace: number,
      chroma: number,
      options: 0,
    ): void;
    _heif_image_get_width(image: number, channel: number): number;
    _heif_image_get_height(image: number, channel: number): number;
    _heif_image_get_plane_readonly(image: number, channel: number, stride: number): number;
  }

  /** Compiles and starts another instance, without anything of Node or a page. */
  const libheif: (options: {
    readonly print: (line: string) => void;
    readonly printErr: (line: string) => void;
  }) => Libheif;
  // biome-ignore lint/style/noDefaultExport: the module has nothing else
  export default libheif;
}
