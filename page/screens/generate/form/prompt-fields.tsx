/** @file What to show, one text for each prompt, and what not to show. */
import type { AdapterSummary } from '../../../../src/studio/interface/adapter-operations.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { TextArea } from '../../../parts/controls/field.tsx';
import { useWords } from '../../../words/use-words.tsx';
import type { Draft } from '../draft/draft.ts';
import type { ChangeDraft } from '../draft/use-drawing-draft.ts';
import styles from './form.module.css';

interface PromptFieldsProps {
  readonly draft: Draft;
  readonly change: ChangeDraft;
  /** Of the draft. */
  readonly used: readonly AdapterSummary[];
}

export function PromptFields({ draft, change, used }: PromptFieldsProps) {
  const { t } = useWords();
  const { prompts, negative } = draft;
  const [subject, ...others] = new Set(used.flatMap((adapter) => adapter.subject ?? []));
  const hint =
    subject !== undefined &&
    [
      t('generate.subject-hint', { subject, curly: '{subject}' }),
      ...(others.length === 0 ? [] : [t('generate.other-subjects', { names: others.join(', ') })]),
    ].join(' ');
  return (
    <>
      {prompts.map((prompt, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a prompt is its place
        <div key={n} className={styles.prompt}>
          <TextArea
            label={
              prompts.length === 1 ? t('generate.prompt') : t('generate.prompt-n', { n: n + 1 })
            }
            {...(n === 0 && hint !== false && { hint })}
            value={prompt}
            placeholder={subject === undefined ? t('generate.prompt-example') : 'a {subject}'}
            onChange={({ target }) =>
              change({ prompts: prompts.map((each, i) => (i === n ? target.value : each)) })
            }
          />
          {prompts.length > 1 && (
            <Button
              kind="quiet"
              icon="close"
              aria-label={t('generate.prompt-remove', { n: n + 1 })}
              onClick={() => change({ prompts: prompts.filter((_, i) => i !== n) })}
            />
          )}
        </div>
      ))}
      <div className={styles.another}>
        <Button kind="quiet" icon="add" onClick={() => change({ prompts: [...prompts, ''] })}>
          {t('generate.prompt-add')}
        </Button>
      </div>
      <TextArea
        label={t('generate.negative')}
        title="negative"
        rows={1}
        value={negative}
        onChange={({ target }) => change({ negative: target.value })}
      />
    </>
  );
}
