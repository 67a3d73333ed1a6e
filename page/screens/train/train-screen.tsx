/** @file Screen: everything about a training before it begins, and the queue of those that wait. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { DatasetSummary } from '../../../src/studio/interface/dataset-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { TextField } from '../../parts/controls/field.tsx';
import { useMessages } from '../../parts/messages.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { settingWords } from '../../parts/settings-form/setting-words.ts';
import { SettingsForm, type ShownFields } from '../../parts/settings-form/settings-form.tsx';
import { useBeginTraining } from '../../parts/use-begin-training.ts';
import { useSaying } from '../../parts/words/failure-words.ts';
import { isUsualSubject, subjectOf } from '../../parts/words/subject-words.ts';
import { useWords } from '../../words/use-words.tsx';
import { DatasetChoice } from './dataset-choice.tsx';
import { PlanPanel, ProblemList } from './plan-panel.tsx';
import { QueuePanel } from './queue-panel.tsx';
import { useChoices, useFields } from './train-fields.ts';
import styles from './train-screen.module.css';
import { usePlan } from './use-plan.ts';
import { usePlannedSize } from './use-planned-size.ts';
import { useRunSettings } from './use-run-settings.ts';
import {
  type Draft,
  emptyDraft,
  nestedSettings,
  useTrainingDraft,
  withSetting,
} from './use-training-draft.ts';

export function TrainScreen() {
  const { t } = useWords();
  const { show } = useMessages();
  const [draft, setDraft] = useTrainingDraft();
  const [shown, setShown] = useState<ShownFields>({ level: 'simple', search: '' });
  const taken = useTakenOver(setDraft);
  usePlannedSize(setDraft);
  const { preview, problems, isCurrent, error } = usePlan(draft);
  const { fields, error: formError } = useFields(draft, preview);
  const options = useChoices();
  const saying = useSaying();
  const messageOf = (key: string) => {
    const problem = problems.find((each) => each.key === key);
    return problem && saying(problem);
  };
  const labelOf = (key: string) => {
    const field = fields.find((each) => each.key === key);
    if (field !== undefined) return settingWords(t, field).label;
    return key === 'images' ? t('train.pictures') : key === 'out' ? t('train.name') : key;
  };
  const goTo = useGoTo(setShown);
  const startOver = () => {
    setDraft(() => emptyDraft);
    show({
      text: t('train.started-over'),
      action: { label: t('train.undo'), run: () => setDraft(() => draft) },
    });
  };
  return (
    <>
      <ScreenTitle
        title={t('train.title')}
        lead={taken.name === undefined ? t('train.lead') : t('train.from', { name: taken.name })}
      >
        <Button onClick={startOver}>{t('train.start-over')}</Button>
      </ScreenTitle>
      <ErrorNotice error={error ?? formError ?? taken.error} />
      <div className={styles.columns}>
        <div className={styles.form}>
          <div className={styles.first}>
            <div data-setting="images">
              <DatasetChoice
                chosen={draft.dataset}
                error={draft.dataset === undefined ? undefined : messageOf('images')}
                onChange={(dataset) =>
                  setDraft((before) => withDataset(before, dataset?.id, dataset))
                }
              />
            </div>
            <div data-setting="out">
              <TextField
                label={t('train.name')}
                hint={t('train.name-hint')}
                error={messageOf('out')}
                maxLength={100}
                value={draft.name}
                onChange={({ target }) => setDraft((before) => ({ ...before, name: target.value }))}
              />
            </div>
          </div>
          <SettingsForm
            fields={fields}
            given={draft.settings}
            values={preview?.values ?? {}}
            problems={problems.filter(
              // An empty form is not wrong; what it lacks is said beside the button.
              ({ key }) => key !== 'subject' || draft.settings.subject !== undefined,
            )}
            options={options}
            shown={shown}
            onShow={setShown}
            onChange={(key, value) => setDraft((before) => withSetting(before, key, value))}
          />
        </div>
        <div className={styles.side}>
          <PlanPanel preview={preview} isCurrent={isCurrent} />
          <Begin
            draft={draft}
            onBegun={() => setDraft((before) => ({ ...before, name: '' }))}
            problems={problems}
            labelOf={labelOf}
            onGoTo={goTo}
          />
          <QueuePanel />
        </div>
      </div>
    </>
  );
}

/** A set that says what it shows names the subject, unless the person has; one with masks is trained by them. */
function withDataset(draft: Draft, dataset: string | undefined, found?: DatasetSummary): Draft {
  const { subject, masks } = draft.settings;
  const isOwn = typeof subject === 'string' && !isUsualSubject(subject);
  const chosen = { ...draft, dataset };
  const heeded = found?.hasMasks ? (masks ?? 'auto') : masks === 'auto' ? undefined : masks;
  const masked = heeded === masks ? chosen : withSetting(chosen, 'masks', heeded);
  if (isOwn || found?.className === undefined) return masked;
  return withSetting(masked, 'subject', subjectOf(found.className));
}

/** What the address brings: pictures, or the settings of a run. They become the draft, and leave the address. */
function useTakenOver(setDraft: (change: (draft: Draft) => Draft) => void) {
  const [search, setSearch] = useSearchParams();
  const [name, setName] = useState<string>();
  const from = search.get('from') ?? undefined;
  const dataset = search.get('dataset') ?? undefined;
  const { data: datasets = [], isFetching } = useLook('datasets.list', {});
  const leave = useCallback(
    (key: string) =>
      setSearch(
        (before) => {
          before.delete(key);
          return before;
        },
        { replace: true },
      ),
    [setSearch],
  );
  useEffect(() => {
    // What is being asked for anew may have other words, or masks.
    if (dataset === undefined || isFetching) return;
    const found = datasets.find(({ id }) => id === dataset);
    setDraft((before) => withDataset(before, dataset, found));
    leave('dataset');
  }, [dataset, datasets, isFetching, setDraft, leave]);
  const error = useRunSettings(from, (run, { settings, dataset: ofRun }) => {
    setDraft((before) => ({ dataset: ofRun ?? before.dataset, name: '', settings }));
    setName(run);
    leave('from');
  });
  return { name, error };
}

/** Shows a field wherever it is, and puts the focus into it. */
function useGoTo(setShown: (shown: ShownFields) => void): (key: string) => void {
  const wanted = useRef<string>(undefined);
  useEffect(() => {
    const key = wanted.current;
    if (key === undefined) return;
    wanted.current = undefined;
    const place = document.querySelector(`[data-setting="${CSS.escape(key)}"]`);
    place?.querySelector<HTMLElement>('input, select, textarea')?.focus();
  });
  return (key) => {
    wanted.current = key;
    setShown({ level: 'all', search: '' });
  };
}

interface BeginProps {
  readonly draft: Draft;
  /** Its name is taken now. */
  readonly onBegun: () => void;
  readonly problems: Parameters<typeof ProblemList>[0]['problems'];
  readonly labelOf: (key: string) => string;
  readonly onGoTo: (key: string) => void;
}

function Begin({ draft, onBegun, problems, labelOf, onGoTo }: BeginProps) {
  const { t } = useWords();
  const { show } = useMessages();
  const [, navigate] = useLocation();
  const { data: jobs = [] } = useLook('jobs.list', {});
  const open = (run: string) => {
    onBegun();
    navigate(`/runs/${encodeURIComponent(run)}`);
  };
  const { begin, isBusy, error } = useBeginTraining(open);
  const isTaken = jobs.some(({ state }) => state === 'running' || state === 'waiting');
  const isRefused = problems.some(({ isBlocking }) => isBlocking);
  const { dataset, name, settings } = draft;
  const train = () => {
    if (isRefused || dataset === undefined) {
      const key = problems.find(({ isBlocking }) => isBlocking)?.key;
      if (key !== undefined) onGoTo(key);
      return;
    }
    const named = name.trim() === '' ? {} : { name: name.trim() };
    begin({ kind: 'train', dataset, settings: nestedSettings(settings), ...named });
    if (isTaken) show({ text: t('train.waits') });
  };
  return (
    <div className={styles.begin}>
      <Button kind="main" isBusy={isBusy} onClick={train}>
        {isTaken ? t('train.enqueue') : t('train.begin')}
      </Button>
      <ErrorNotice error={error} />
      <ProblemList problems={problems} labelOf={labelOf} onGoTo={onGoTo} />
    </div>
  );
}
