/** @file The form of Home: pictures, one word, the model that learns. */
import { type FormEvent, useState } from 'react';
import { useLook } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { TextField } from '../../parts/controls/field.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { Progress } from '../../parts/progress.tsx';
import { useBeginTraining } from '../../parts/use-begin-training.ts';
import { classOf, subjectOf } from '../../parts/words/subject-words.ts';
import { useWords } from '../../words/use-words.tsx';
import { BaseChoice } from './base-choice.tsx';
import styles from './new-subject.module.css';
import { PictureDrop } from './picture-drop.tsx';
import { TryTeapot } from './try-teapot.tsx';
import { useSendPictures } from './use-send-pictures.ts';

/** How often a training shows what it has learned. */
const samplesOfRun = 8;
const usualSteps = 400;

export function NewSubject({ onBegun }: { onBegun: (run: string) => void }) {
  const { t } = useWords();
  const { data: bases = [] } = useLook('bases.list', {});
  const [files, setFiles] = useState<readonly File[]>([]);
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState('pocket');
  const [isAsked, setAsked] = useState(false);
  const { begin, isBusy, error } = useBeginTraining(onBegun);
  const { send, sent, error: unsent } = useSendPictures();
  const className = classOf(typed);
  const { data, isPlaceholderData } = useLook('bases.step', { base: chosen });
  // Before there is an answer, that on the model that was chosen before.
  const { memorySetting: memory, smaller } = (isPlaceholderData ? undefined : data?.step) ?? {};

  const train = async (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (className === '' || files.length === 0 || sent !== undefined || isBusy) return;
    const dataset = await send(className, files);
    if (dataset === undefined) return;
    const settings = {
      base: chosen,
      subject: subjectOf(className),
      sampleEvery: usualSteps / samplesOfRun,
      ...(memory === undefined ? {} : { memory }),
      ...(smaller === undefined ? {} : { resolution: smaller.resolution }),
    };
    begin({ kind: 'train', settings, dataset });
  };

  return (
    <form className={styles.form} onSubmit={train} noValidate>
      <div className={styles.pictures}>
        <PictureDrop
          files={files}
          onChange={setFiles}
          error={isAsked && files.length === 0 ? t('home.pictures-missing') : undefined}
        />
        {files.length === 0 && <TryTeapot onBegun={onBegun} />}
      </div>
      <div className={styles.side}>
        <TextField
          label={t('home.class')}
          hint={
            className === ''
              ? t('home.class-hint-empty')
              : t('home.class-hint', { subject: subjectOf(className) })
          }
          error={isAsked && className === '' ? t('home.class-missing') : undefined}
          placeholder={t('home.class-example')}
          value={typed}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          maxLength={60}
          onChange={({ target }) => setTyped(target.value)}
        />
        <BaseChoice bases={bases} chosen={chosen} onChange={setChosen} />
        <Button kind="main" type="submit" isBusy={sent !== undefined || isBusy}>
          {t('home.train')}
        </Button>
        {sent !== undefined && (
          <div>
            <Progress label={t('home.train')} share={sent / files.length} />
            <p className={styles.sent}>
              {t('home.uploading', { done: Math.min(sent + 1, files.length), total: files.length })}
            </p>
          </div>
        )}
        <ErrorNotice error={unsent ?? error} />
      </div>
    </form>
  );
}
