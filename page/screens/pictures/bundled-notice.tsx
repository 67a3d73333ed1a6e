/** @file Why a set cannot be changed, and the way to one that can. */
import { useLocation } from 'wouter';
import type { Dataset } from '../../../src/studio/interface/dataset-operations.ts';
import { useChange } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './dataset-words.module.css';

export function BundledNotice({ dataset: { id, name } }: { dataset: Dataset }) {
  const { t } = useWords();
  return (
    <section className={styles.words}>
      <p>{t('pictures.bundled-hint')}</p>
      <CopyButton id={id} name={name} />
    </section>
  );
}

/** Makes a copy and opens it. */
export function CopyButton({ id, name }: { id: string; name: string }) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const create = useChange('datasets.create');
  return (
    <div>
      <Button
        icon="copy"
        isBusy={create.isPending}
        onClick={() =>
          create.mutate(
            { name, copyOf: id },
            { onSuccess: (made) => navigate(`/datasets/${encodeURIComponent(made.id)}`) },
          )
        }
      >
        {t('pictures.copy')}
      </Button>
      <ErrorNotice error={create.error} />
    </div>
  );
}
