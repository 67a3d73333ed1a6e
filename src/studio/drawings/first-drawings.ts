/** @file What a training draws when it has finished, without being asked: four pictures. */
import type { AdapterFiles } from '../adapters/adapter-files.ts';
import type { Job } from '../interface/job-operations.ts';
import type { Drawings } from './drawings.ts';

const pictures = 4;
const usualPrompts = [
  'a {subject}',
  'a {subject} on the beach',
  'a {subject} in the snow',
  'a {subject} in front of a brick wall',
];

/** Asks for the pictures of a job that is done; of one that wants none, for none. */
export async function drawFirst(
  { request, run }: Job,
  { adapters, drawings }: { readonly adapters: AdapterFiles; readonly drawings: Drawings },
): Promise<void> {
  const prompt = request.kind === 'train' ? (request.thenDraw ?? usualPrompts) : [];
  const adapter = (await adapters.list()).find(
    (file) => file.run !== undefined && file.run === run,
  );
  if (adapter === undefined || prompt.length === 0) return;
  const count = Math.max(1, Math.floor(pictures / prompt.length));
  const device = request.kind === 'train' ? request.settings.device : undefined;
  await drawings.start({
    adapters: [{ id: adapter.id, strength: 1 }],
    settings: { prompt, count, ...(device === undefined ? {} : { device }) },
  });
}
