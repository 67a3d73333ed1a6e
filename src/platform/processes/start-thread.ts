/** @file Threads that run a program of their own. */
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Starts a program in a thread; one of the sources with the loader that it needs, which arguments of Node give to none. */
export function startThread(program: URL, options: WorkerOptions = {}): Worker {
  if (!program.pathname.endsWith('.ts')) return new Worker(program, options);
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const start = `import(${loader}).then(({ register }) => { register(); return import(${JSON.stringify(program.href)}); });`;
  return new Worker(start, { ...options, eval: true });
}
