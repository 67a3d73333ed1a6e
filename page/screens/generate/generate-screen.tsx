/** @file Drawing with adapters: the form, what is being drawn, and everything that was. */
import { type DragEvent, useState } from 'react';
import type { DrawRequest } from '../../../src/studio/interface/drawing-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { classNames } from '../../parts/class-names.ts';
import { LinkButton } from '../../parts/controls/button.tsx';
import { useMessages } from '../../parts/messages.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';
import { comparisonOf } from './draft/comparison-of.ts';
import { draftOf } from './draft/draft.ts';
import { useAddressed } from './draft/use-addressed.ts';
import { randomSeed, useDraft } from './draft/use-draft.ts';
import { Now } from './drawings/now.tsx';
import { DrawForm } from './form/draw-form.tsx';
import { Gallery } from './gallery/gallery.tsx';
import styles from './generate-screen.module.css';
import { useDrawing } from './use-drawing.ts';
import { usePictureSender } from './use-picture-sender.ts';

export function GenerateScreen() {
  const { t } = useWords();
  const { show } = useMessages();
  const { draft, change, isNew } = useDraft();
  const { data: adapters = [] } = useLook('adapters.list', {});
  const { data: form, error: formError } = useLook('forms.get', { form: 'generate' });
  const { run, setRun } = useAddressed({ draft, change, adapters, isNew });
  const { draw, sweep, sweeps, isBusy, error } = useDrawing();
  const sender = usePictureSender();
  const comparison = comparisonOf(draft, adapters);
  const [opened, setOpened] = useState<string>();
  const [isOver, setOver] = useState(false);

  const goOn = () => change(draft.keepsSeed ? {} : { seed: randomSeed() });
  // What fails is shown as the error of asking.
  const onDraw = () => void draw(draft).then(goOn, () => undefined);
  const onSweep = (adapter: string) => void sweep(draft, adapter).catch(() => undefined);
  const begin = (picture: string) => {
    change({ begin: { picture, strokes: [], mask: undefined } });
    toTheForm();
  };
  const use = (request: DrawRequest, notes: readonly string[]) => {
    const defaults = Object.fromEntries(
      (form?.fields ?? []).map((each) => [each.key, each.default]),
    );
    const before = draft;
    change(draftOf(request, defaults, draft));
    toTheForm();
    show({
      text: [t('generate.filled'), ...notes].join(' '),
      action: { label: t('generate.undo'), run: () => change(before) },
    });
  };
  const onDropped = async (file: File) => {
    const sent = await sender.send(file);
    if (sent === undefined) return;
    const { picture, found } = sent;
    if (found.request !== undefined) return use(found.request, found.notes);
    const action = { label: t('generate.begin-with'), run: () => begin(picture) };
    show({ text: t('generate.nothing-found', { name: file.name }), action });
  };
  const onBeginFile = async (file: File) => {
    const sent = await sender.send(file);
    if (sent !== undefined) begin(sent.picture);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keyboards have the file chooser below the title
    <div
      className={classNames(styles.screen, isOver && styles.over)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file !== undefined) void onDropped(file);
      }}
    >
      <ScreenTitle
        title={t('generate.title')}
        lead={<span className={styles.lead}>{t('generate.lead')}</span>}
      >
        {comparison !== undefined && <LinkButton to={comparison}>{t('run.compare')}</LinkButton>}
        <label className={styles.file}>
          {t('generate.settings-of')}
          <input
            type="file"
            accept="image/png"
            onChange={({ target }) => {
              const [file] = target.files ?? [];
              if (file !== undefined) void onDropped(file);
              target.value = '';
            }}
          />
        </label>
      </ScreenTitle>
      <ErrorNotice error={formError ?? sender.error} />
      <div className={styles.columns}>
        <div id="draw-form" className={styles.side}>
          <DrawForm
            {...{ draft, change, adapters, isBusy, error, onDraw, onSweep }}
            fields={form?.fields ?? []}
            onFile={(file) => void onBeginFile(file)}
          />
        </div>
        <div className={styles.results}>
          <Now sweeps={sweeps} onOpen={setOpened} />
          <Gallery
            run={run}
            onRun={setRun}
            onUse={use}
            onBegin={begin}
            {...{ opened, setOpened }}
          />
        </div>
      </div>
    </div>
  );
}

/** Below it on a phone, one would not see what changed. */
function toTheForm(): void {
  document.getElementById('draw-form')?.scrollIntoView({ block: 'nearest' });
}
