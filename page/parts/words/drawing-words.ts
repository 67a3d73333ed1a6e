/** @file Drawings in words, and whether they go on. */
import type { Drawing } from '../../../src/studio/interface/drawing-operations.ts';

/** Whether there is more to come of it. */
export function isUnderWay({ state }: Pick<Drawing, 'state'>): boolean {
  return state === 'waiting' || state === 'drawing';
}

/** All prompts of a drawing on one line. */
export function promptOf({ request }: Pick<Drawing, 'request'>): string {
  const { prompt } = request.settings;
  return [prompt ?? []].flat().join(' · ');
}
