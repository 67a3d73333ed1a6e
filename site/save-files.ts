/** @file Files that links save: browsers ask the network for them and not the service worker, which has them. */

/** Milliseconds after which a browser has taken what it saves. */
const taken = 60_000;

/** Saves what links with `download` lead to, whoever presses them. */
export function saveFiles(): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || !link.hasAttribute('download') || link.protocol === 'blob:') return;
    event.preventDefault();
    void saved(link.href, link.download).catch((error: unknown) =>
      alert(error instanceof Error ? error.message : String(error)),
    );
  });
}

/** @param wanted its name; empty where the answer names it */
async function saved(address: string, wanted: string): Promise<void> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(await answer.text());
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = wanted === '' ? nameOf(answer) : wanted;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), taken);
}

function nameOf({ headers, url }: Response): string {
  const [, name] = /filename\*=UTF-8''([^;]+)/.exec(headers.get('Content-Disposition') ?? '') ?? [];
  return decodeURIComponent(name ?? new URL(url).pathname.split('/').at(-1) ?? '');
}
