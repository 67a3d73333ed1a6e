import { defineConfig } from 'vite';

// With these two headers a page may use several threads.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  worker: { format: 'es' },
  // Both find files beside their modules.
  optimizeDeps: { exclude: ['diffusekrona', 'onnxruntime-web'] },
  server: { headers },
  preview: { headers },
});
