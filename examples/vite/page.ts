const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' });
const input = document.querySelector('input') as HTMLInputElement;
const output = document.querySelector('output') as HTMLOutputElement;
const picture = document.querySelector('img') as HTMLImageElement;

input.onchange = () => worker.postMessage([...(input.files ?? [])]);
worker.onmessage = ({ data }: MessageEvent<string | Blob>) => {
  if (typeof data === 'string') output.textContent = data;
  else picture.src = URL.createObjectURL(data);
};
