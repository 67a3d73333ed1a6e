import { generate, train } from 'diffusekrona';
import { fileBlob, setUpBrowser } from 'diffusekrona/browser';

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

self.onmessage = ({ data }: MessageEvent<File[]>) =>
  learn(data).catch((error: Error) => self.postMessage({ said: error.message }));

async function learn(images: File[]) {
  const out = `/runs/${Date.now()}`;
  const training = train({ images, subject: 'sks thing', steps: 150, out });
  for await (const event of training) {
    if (event.type === 'step') self.postMessage({ said: `step ${event.step} of ${event.steps}` });
  }
  const { run, adapter } = await training;
  self.postMessage({ adapter: await fileBlob(adapter) });
  const { pictures } = await generate({ run, prompt: 'a {subject} in the snow', count: 1 });
  for (const { png } of pictures) self.postMessage({ picture: new Blob([png]) });
}
