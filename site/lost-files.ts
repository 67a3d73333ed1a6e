/** @file What the browser has removed of this page's files, until the person has read it. */
import { isKeptNoted, noteRemoved } from '../page/backend/kept-note.ts';
import type { FoundStorage } from '../src/studio/interface/over-messages.ts';

export interface LostFiles {
  /** Whether nothing is left. */
  readonly isAll: boolean;
  /** From the work folder on: `runs/dog/adapter.safetensors`. None where all is lost: their names are, too. */
  readonly paths: readonly string[];
}

const key = 'lost-files';

/** Adds what a tab found when it was opened to what was not read yet. */
export function noteLost({ isEmpty, lost }: FoundStorage): void {
  const isAll = isEmpty && isKeptNoted();
  if (isAll) noteRemoved();
  if (!isAll && lost.length === 0) return;
  const before = lostFiles() ?? { isAll: false, paths: [] };
  const paths = [...new Set([...before.paths, ...lost])];
  localStorage.setItem(key, JSON.stringify({ isAll: before.isAll || isAll, paths }));
}

/** Undefined where there is nothing to be told. */
export function lostFiles(): LostFiles | undefined {
  const kept = localStorage.getItem(key);
  return kept === null ? undefined : (JSON.parse(kept) as LostFiles);
}

export function forgetLost(): void {
  localStorage.removeItem(key);
}
