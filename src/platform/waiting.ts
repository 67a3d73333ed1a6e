/** @file Waiting. */
export { setTimeout as sleep } from 'node:timers/promises';

/** Does something after so many milliseconds, unless the returned function is called before; it keeps no process alive. */
export function later(milliseconds: number, work: () => void): () => void {
  const timer = setTimeout(work, milliseconds).unref();
  return () => clearTimeout(timer);
}

/** Does something again and again, until the returned function is called; it keeps no process alive. */
export function repeatedly(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds).unref();
  return () => clearInterval(timer);
}
