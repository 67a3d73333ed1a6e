/** @file A note that there is something of this page's in the browser. It is a cookie: where room is short, browsers remove everything but those. */

const name = 'krona-keeps';
const seconds = 365 * 24 * 60 * 60;

/** Something is kept from now on. */
export function noteKept(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the store of cookies is not in every browser
  document.cookie = `${name}=true; max-age=${seconds}; samesite=strict`;
}

/** It was removed by who it belongs to. */
export function noteRemoved(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: as above
  document.cookie = `${name}=; max-age=0; samesite=strict`;
}

/** Whether something should be there. */
export function isKeptNoted(): boolean {
  return document.cookie.split('; ').includes(`${name}=true`);
}
