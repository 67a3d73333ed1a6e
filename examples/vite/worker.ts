import { generate, train } from 'diffusekrona';
import { giveFiles, setUpBrowser } from 'diffusekrona/browser';

// Vite finds the files that are fetched when they are needed, and where they are served.
const served = import.meta.glob<string>(
  [
    '/node_modules/diffusekrona/models/**/*',
    '/node_modules/diffusekrona/fonts/*',
    '/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded*',
  ],
  { query: '?url', import: 'default', eager: true },
);
const find = (path: string) => served[`/node_modules/${path}`] ?? path;
setUpBrowser({
  packageFiles: (path) => find(`diffusekrona/${path}`),
  runtimeFiles: (name) => find(`onnxruntime-web/dist/${name}`),
});

self.onmessage = async ({ data }: MessageEvent<File[]>) => {
  const images = await giveFiles('pictures', data);
  const run = train({ images, subject: 'sks thing', steps: 150, out: `/runs/${Date.now()}` });
  for await (const event of run) {
    if (event.type === 'step') self.postMessage(`step ${event.step} of ${event.steps}`);
  }
  const { run: folder } = await run;
  const { pictures } = await generate({ run: folder, prompt: 'a {subject} in the snow', count: 1 });
  for (const { png } of pictures) self.postMessage(new Blob([png], { type: 'image/png' }));
};
