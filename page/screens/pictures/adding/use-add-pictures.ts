/** @file Sends pictures into a data set, one after the other, and the texts that came beside them. */
import { useCallback, useState } from 'react';
import type { Failure } from '../../../../src/studio/interface/operation-shapes.ts';
import { useStudio } from '../../../backend/studio-provider.tsx';
import { isPictureFile } from '../../../parts/pictures/picture-files.ts';
import { failureOf } from '../../../parts/words/failure-words.ts';

export interface RefusedFile {
  readonly name: string;
  /** Of the server; undefined where it is no picture at all. */
  readonly reason: Failure | undefined;
}

export interface AddingPictures {
  readonly add: (dataset: string, files: readonly File[]) => Promise<void>;
  /** While some are under way. */
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  readonly refused: readonly RefusedFile[];
  readonly forgetRefused: () => void;
}

const isText = ({ name }: File): boolean => /\.(txt|caption)$/i.test(name);
const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');

export function useAddPictures(): AddingPictures {
  const studio = useStudio();
  const [progress, setProgress] = useState<AddingPictures['progress']>();
  const [refused, setRefused] = useState<readonly RefusedFile[]>([]);
  const add = useCallback(
    async (dataset: string, files: readonly File[]) => {
      const pictures = files.filter(isPictureFile);
      const texts = new Map(files.filter(isText).map((file) => [stemOf(file.name), file]));
      const refuse = (name: string, reason: Failure | undefined) =>
        setRefused((known) => [...known, { name, reason }]);
      setRefused(
        files
          .filter((file) => !isPictureFile(file) && !isText(file))
          .map(({ name }) => ({ name, reason: undefined })),
      );
      for (const [done, file] of pictures.entries()) {
        setProgress({ done, total: pictures.length });
        try {
          const { name } = await studio.addPicture(dataset, file);
          const caption = await texts.get(stemOf(file.name))?.text();
          if (caption) await studio.ask('datasets.caption', { id: dataset, name, caption });
        } catch (error) {
          refuse(file.name, failureOf(error));
        }
      }
      setProgress(undefined);
    },
    [studio],
  );
  return { add, progress, refused, forgetRefused: () => setRefused([]) };
}

const handedOver = new Map<string, readonly File[]>();

/** Keeps files for the screen of a set that was made for them. */
export function handOver(dataset: string, files: readonly File[]): void {
  handedOver.set(dataset, files);
}

/** Gives them out once. */
export function takeOver(dataset: string): readonly File[] {
  const files = handedOver.get(dataset) ?? [];
  handedOver.delete(dataset);
  return files;
}
