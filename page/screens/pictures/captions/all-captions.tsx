/** @file Captions of all pictures at once: what they would become is shown first, and what they were is a click away. */
import { useState } from 'react';
import type {
  Dataset,
  PictureCaption,
} from '../../../../src/studio/interface/dataset-operations.ts';
import { useChange } from '../../../backend/use-look.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { SelectField, TextField } from '../../../parts/controls/field.tsx';
import { useMessages } from '../../../parts/messages.tsx';
import { Modal } from '../../../parts/modal.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { failureOf, useSaying } from '../../../parts/words/failure-words.ts';
import { type PlainWordKey, useWords } from '../../../words/use-words.tsx';
import styles from './all-captions.module.css';
import {
  type CaptionChange,
  captionChanges,
  captionsOf,
  changedCaptions,
} from './changed-captions.ts';

export function AllCaptions({ dataset }: { dataset: Dataset }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <Button onClick={() => setOpen(true)}>{t('pictures.all-captions')}</Button>
      <Modal title={t('pictures.all-captions')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <CaptionForm dataset={dataset} onDone={() => setOpen(false)} />
      </Modal>
    </div>
  );
}

const kinds: Readonly<Record<CaptionChange['kind'], PlainWordKey>> = {
  before: 'pictures.captions.before',
  after: 'pictures.captions.after',
  replace: 'pictures.captions.replace',
  names: 'pictures.captions.names',
  none: 'pictures.captions.none',
};

/** What is typed into the first field, where the change has one. */
const typed: Partial<Record<CaptionChange['kind'], PlainWordKey>> = {
  before: 'pictures.captions.text',
  after: 'pictures.captions.text',
  replace: 'pictures.captions.find',
};

function CaptionForm({ dataset, onDone }: { dataset: Dataset; onDone: () => void }) {
  const { t } = useWords();
  const [change, setChange] = useState<CaptionChange>({ kind: 'before', text: '', by: '' });
  const { set, error } = useSetCaptions(dataset);
  const changes = changedCaptions(dataset.pictures, change);
  const field = typed[change.kind];
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (changes.length > 0) set(changes, onDone);
      }}
    >
      <SelectField
        label={t('pictures.captions.how')}
        value={change.kind}
        onChange={({ target }) => {
          const kind = captionChanges.find((each) => each === target.value);
          if (kind !== undefined) setChange({ ...change, kind });
        }}
      >
        {captionChanges.map((kind) => (
          <option key={kind} value={kind}>
            {t(kinds[kind])}
          </option>
        ))}
      </SelectField>
      {field !== undefined && (
        <TextField
          label={t(field)}
          hint={
            change.kind === 'replace'
              ? undefined
              : t('pictures.captions.hint', { subject: '{subject}' })
          }
          value={change.text}
          maxLength={2000}
          autoCapitalize="none"
          autoComplete="off"
          onChange={({ target }) => setChange({ ...change, text: target.value })}
        />
      )}
      {change.kind === 'replace' && (
        <TextField
          label={t('pictures.captions.by')}
          value={change.by}
          maxLength={2000}
          autoCapitalize="none"
          autoComplete="off"
          onChange={({ target }) => setChange({ ...change, by: target.value })}
        />
      )}
      <Preview changes={changes} />
      <ErrorNotice error={error} />
      <div>
        <Button kind="main" type="submit" aria-disabled={changes.length === 0}>
          {t('pictures.captions.change')}
        </Button>
      </div>
    </form>
  );
}

/** Captions that are shown before they change. */
const mostShown = 5;

function Preview({ changes }: { changes: readonly PictureCaption[] }) {
  const { t } = useWords();
  return (
    <section className={styles.preview} aria-live="polite">
      <p>{t('pictures.captions.count', { n: changes.length })}</p>
      <dl>
        {changes.slice(0, mostShown).map(({ name, caption }) => (
          <div key={name} className={styles.change}>
            <dt>{name}</dt>
            <dd className={caption === '' ? styles.none : undefined}>
              {caption === '' ? t('pictures.caption-none') : caption}
            </dd>
          </div>
        ))}
      </dl>
      {changes.length > mostShown && (
        <p className={styles.none}>{t('pictures.more-names', { n: changes.length - mostShown })}</p>
      )}
    </section>
  );
}

function useSetCaptions(dataset: Dataset) {
  const { t } = useWords();
  const saying = useSaying();
  const { show } = useMessages();
  const change = useChange('datasets.captions');
  const { id, pictures } = dataset;
  const goBack = (before: readonly PictureCaption[]) =>
    change.mutate(
      { id, captions: before },
      { onError: (error) => show({ text: saying(failureOf(error)) }) },
    );
  const set = (changes: readonly PictureCaption[], onDone: () => void) => {
    const before = captionsOf(pictures, changes);
    change.mutate(
      { id, captions: changes },
      {
        onSuccess: () => {
          onDone();
          show({
            text: t('pictures.captions.changed', { n: changes.length }),
            action: { label: t('pictures.undo'), run: () => goBack(before) },
          });
        },
      },
    );
  };
  return { set, error: change.error };
}
