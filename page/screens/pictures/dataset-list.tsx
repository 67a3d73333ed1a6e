/** @file All sets of pictures; a new one is made by dropping pictures here. */
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { DatasetSummary } from '../../../src/studio/interface/dataset-operations.ts';
import { useChange, useLook } from '../../backend/use-look.ts';
import { TextField } from '../../parts/controls/field.tsx';
import { FileButton } from '../../parts/controls/file-button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { FileDrop } from '../../parts/pictures/file-drop.tsx';
import { Picture } from '../../parts/pictures/picture.tsx';
import { datasetTypes } from '../../parts/pictures/picture-files.ts';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';
import { handOver } from './adding/use-add-pictures.ts';
import styles from './dataset-list.module.css';

/** Sets that are found at a glance. */
const few = 12;

export function DatasetList() {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const { data: datasets, error } = useLook('datasets.list', {});
  const create = useChange('datasets.create');
  const make = (files: readonly File[]) =>
    create.mutate(
      { name: t('pictures.new-name') },
      {
        onSuccess: ({ id }) => {
          handOver(id, files);
          navigate(`/datasets/${encodeURIComponent(id)}`);
        },
      },
    );
  const [search, setSearch] = useState('');
  const found = datasets?.filter((set) => isLike(set, search)) ?? [];
  const own = found.filter(({ isBundled }) => !isBundled);
  const bundled = found.filter(({ isBundled }) => isBundled);
  return (
    <>
      <ScreenTitle title={t('pictures.title')} lead={t('pictures.lead')} />
      <FileDrop onFiles={make} className={styles.drop}>
        <Icon name="upload" size={28} />
        <p className={styles.dropWords}>{t('pictures.drop')}</p>
        <FileButton accept={datasetTypes} isBusy={create.isPending} onFiles={make}>
          {t('pictures.choose')}
        </FileButton>
      </FileDrop>
      <ErrorNotice error={error ?? create.error} />
      {datasets !== undefined && datasets.length > few && (
        <div className={styles.search}>
          <TextField
            type="search"
            label={t('pictures.search')}
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        </div>
      )}
      {search !== '' && found.length === 0 && <p>{t('pictures.none-found')}</p>}
      {own.length > 0 && <Sets title={t('pictures.own')} sets={own} />}
      {bundled.length > 0 && <Sets title={t('pictures.bundled')} sets={bundled} />}
    </>
  );
}

/** Whether the set's name or what it shows has what is searched for. */
function isLike({ name, className = '' }: DatasetSummary, search: string): boolean {
  const sought = search.trim().toLowerCase();
  return [name, className].some((words) => words.toLowerCase().includes(sought));
}

function Sets({ title, sets }: { title: string; sets: readonly DatasetSummary[] }) {
  return (
    <section className={styles.sets}>
      <h2>{title}</h2>
      <ul className={styles.list}>
        {sets.map((set) => (
          <li key={set.id}>
            <SetCard set={set} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function SetCard({ set: { id, name, className, count, thumbnails } }: { set: DatasetSummary }) {
  const { t } = useWords();
  const facts = [className === name ? undefined : className, t('pictures.count', { n: count })];
  return (
    <Link to={`/datasets/${encodeURIComponent(id)}`} className={styles.card}>
      <span className={styles.cover}>
        {thumbnails.map((picture) => (
          <Picture
            key={picture}
            picture={picture}
            alt=""
            width={160}
            isLazy
            className={styles.thumbnail}
          />
        ))}
      </span>
      <span className={styles.name}>{name}</span>
      <span className={styles.fact}>{facts.filter((fact) => fact !== undefined).join(' · ')}</span>
    </Link>
  );
}
