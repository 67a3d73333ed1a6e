/** @file One set of pictures: as they will be trained, with what there is to know of them. */
import { useEffect, useState } from 'react';
import type { Dataset } from '../../../src/studio/interface/dataset-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { LinkButton } from '../../parts/controls/button.tsx';
import { FileButton } from '../../parts/controls/file-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { FileDrop } from '../../parts/pictures/file-drop.tsx';
import { datasetTypes } from '../../parts/pictures/picture-files.ts';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';
import { AddingState } from './adding/adding-state.tsx';
import { takeOver, useAddPictures } from './adding/use-add-pictures.ts';
import { AllCaptions } from './captions/all-captions.tsx';
import { CuttingChoice } from './cutting-choice.tsx';
import { DatasetMore } from './dataset-more.tsx';
import styles from './dataset-view.module.css';
import { DatasetWarnings } from './dataset-warnings.tsx';
import { DatasetWords } from './dataset-words.tsx';
import { LargePicture } from './large-picture.tsx';
import { PictureCard } from './picture-card.tsx';
import { useCutting } from './use-cutting.ts';

export function DatasetView({ id }: { id: string }) {
  const { t } = useWords();
  const cutting = useCutting();
  const { data: dataset, error } = useLook('datasets.get', { id, ...cutting.cutting });
  if (dataset === undefined || dataset.id !== id) {
    return (
      <>
        <ScreenTitle title={t('pictures.title')} />
        <ErrorNotice error={error} />
      </>
    );
  }
  return (
    <>
      <ShownDataset dataset={dataset} cutting={cutting} />
      <ErrorNotice error={error} />
    </>
  );
}

interface ShownDatasetProps {
  readonly dataset: Dataset;
  readonly cutting: ReturnType<typeof useCutting>;
}

function ShownDataset({ dataset, cutting }: ShownDatasetProps) {
  const { t } = useWords();
  const adding = useAddPictures();
  const { id, name, isBundled, pictures, warnings } = dataset;
  const { add, progress } = adding;
  const [opened, setOpened] = useState<string>();
  useEffect(() => {
    const files = takeOver(id);
    if (files.length > 0) void add(id, files);
  }, [id, add]);
  const addFiles = (files: readonly File[]) => {
    if (!isBundled && progress === undefined) void add(id, files);
  };
  return (
    <FileDrop onFiles={addFiles}>
      <ScreenTitle title={name} lead={t('pictures.count', { n: pictures.length })}>
        {!isBundled && (
          <FileButton accept={datasetTypes} isBusy={progress !== undefined} onFiles={addFiles}>
            {t('pictures.add')}
          </FileButton>
        )}
        {pictures.length > 0 && (
          <LinkButton kind="main" to={`/train?dataset=${encodeURIComponent(id)}`}>
            {t('pictures.train')}
          </LinkButton>
        )}
        <DatasetMore dataset={dataset} />
      </ScreenTitle>
      <AddingState {...adding} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <DatasetWarnings dataset={dataset} onOpen={setOpened} />
          {pictures.length === 0 && progress === undefined && (
            <EmptyState text={t('pictures.empty')} />
          )}
          <ul className={styles.grid}>
            {pictures.map((picture) => (
              <li key={picture.name}>
                <PictureCard
                  dataset={dataset}
                  picture={picture}
                  warnings={warnings.filter(({ names }) => names.includes(picture.name))}
                  onOpen={() => setOpened(picture.name)}
                />
              </li>
            ))}
          </ul>
        </div>
        <aside className={styles.side} aria-label={t('pictures.about')}>
          <DatasetWords key={id} dataset={dataset} />
          {!isBundled && pictures.length > 0 && <AllCaptions dataset={dataset} />}
          <CuttingChoice {...cutting} />
        </aside>
      </div>
      <LargePicture dataset={dataset} name={opened} onOpen={setOpened} />
    </FileDrop>
  );
}
