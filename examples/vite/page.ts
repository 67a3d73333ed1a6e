const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' });
const input = document.querySelector('input') as HTMLInputElement;
const output = document.querySelector('output') as HTMLOutputElement;
const link = document.querySelector('a') as HTMLAnchorElement;
const image = document.querySelector('img') as HTMLImageElement;

input.onchange = () => worker.postMessage([...(input.files ?? [])]);
worker.onmessage = ({ data: { said, adapter, picture } }) => {
  if (said) output.textContent = said;
  if (adapter) Object.assign(link, { href: URL.createObjectURL(adapter), hidden: false });
  if (picture) Object.assign(image, { src: URL.createObjectURL(picture), hidden: false });
};
