/** @file Pictures of the gallery, loaded further as they are looked at. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { DrawnEntry } from '../../../../src/studio/interface/drawing-operations.ts';
import { useStudio } from '../../../backend/studio-provider.tsx';

/** Pictures of one answer. */
const atOnce = 200;

export interface GalleryFilter {
  readonly run: string | undefined;
  readonly text: string;
  readonly starred: boolean;
}

export interface Gallery {
  readonly entries: readonly DrawnEntry[];
  /** That match, loaded or not; undefined while nobody knows. */
  readonly total: number | undefined;
  readonly error: Error | null;
  readonly loadMore: () => void;
}

export function useGallery({ run, text, starred }: GalleryFilter): Gallery {
  const studio = useStudio();
  const filter = {
    count: atOnce,
    ...(run === undefined ? {} : { run }),
    ...(text === '' ? {} : { text }),
    ...(starred ? { starred } : {}),
  };
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: ['gallery.list', filter, 'pages'],
    queryFn: ({ pageParam: after, signal }) =>
      studio.ask('gallery.list', { ...filter, ...(after === '' ? {} : { after }) }, signal),
    initialPageParam: '',
    getNextPageParam: ({ entries }) =>
      entries.length < atOnce ? undefined : entries.at(-1)?.picture,
    placeholderData: (before) => before,
  });
  return {
    entries: data?.pages.flatMap(({ entries }) => entries) ?? [],
    total: data?.pages[0]?.total,
    error,
    loadMore: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
  };
}
