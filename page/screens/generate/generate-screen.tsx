/** @file Drawing with adapters: the form, what is being drawn, and everything that was. */
import { useState } from 'react';
import type { DrawRequest } from '../../../src/studio/interface/drawing-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { isTensorFile, useBringFiles } from '../../parts/controls/bring-button.tsx';
import { LinkButton } from '../../parts/controls/button.tsx';
import { FileButton } from '../../parts/controls/file-button.tsx';
import { useMessages } from '../../parts/messages.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { FileDrop } from '../../parts/pictures/file-drop.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';
import { comparisonOf } from './draft/comparison-of.ts';
import { draftOf } from './draft/draft.ts';
import { useAddressed } from './draft/use-addressed.ts';
import { randomSeed, useDrawingDraft } from './draft/use-drawing-draft.ts';
import { Now } from './drawings/now.tsx';
import { DrawForm } from './form/draw-form.tsx';
import { Gallery } from './gallery/gallery.tsx';
import styles from './generate-screen.module.css';
import { useDrawing } from './use-drawing.ts';
import { usePictureSender } from './use-picture-sender.ts';

export function GenerateScreen() {
  const { t } = useWords();
  const { show } = useMessages();
  const { draft, change, isNew } = useDrawingDraft();
  const { data: adapters = [] } = useLook('adapters.list', {});
  const { data: form, error: formError } = useLook('forms.get', { form: 'generate' });
  const { run, setRun } = useAddressed({ draft, change, adapters, isNew });
  const { draw, sweep, sweeps, isBusy, error } = useDrawing();
  const sender = usePictureSender();
  const comparison = comparisonOf(draft, adapters);
  const [opened, setOpened] = useState<string>();

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
  // Of several, the first.
  const takeSettings = async ([file]: readonly File[]) => {
    if (file === undefined) return;
    const sent = await sender.send(file);
    if (sent === undefined) return;
    const { picture, found } = sent;
    if (found.request !== undefined) return use(found.request, found.notes);
    const action = { label: t('generate.begin-with'), run: () => begin(picture) };
    show({ text: t('generate.nothing-found', { name: file.name }), action });
  };
  const bringing = useBringFiles(({ kind, id }) => {
    if (kind === 'model') change({ base: id });
    else change({ adapters: [...draft.adapters, { id, strength: 1 }] });
  });
  const take = (files: readonly File[]) =>
    files.some(isTensorFile) ? bringing.bring(files.filter(isTensorFile)) : takeSettings(files);
  const beginWith = async ([file]: readonly File[]) => {
    const sent = file && (await sender.send(file));
    if (sent !== undefined) begin(sent.picture);
  };
  return (
    <FileDrop className={styles.screen} onFiles={(files) => void take(files)}>
      <ScreenTitle
        title={t('generate.title')}
        lead={<span className={styles.lead}>{t('generate.lead')}</span>}
      >
        {comparison !== undefined && <LinkButton to={comparison}>{t('run.compare')}</LinkButton>}
        <FileButton
          icon="upload"
          accept={['image/png']}
          isSingle
          isBusy={sender.isBusy}
          onFiles={(files) => void takeSettings(files)}
        >
          {t('generate.settings-of')}
        </FileButton>
      </ScreenTitle>
      <ErrorNotice error={formError ?? sender.error ?? bringing.error} />
      <div className={styles.columns}>
        <div id="draw-form" className={styles.side}>
          <DrawForm
            {...{ draft, change, adapters, isBusy, error, onDraw, onSweep }}
            fields={form?.fields ?? []}
            onFiles={(files) => void beginWith(files)}
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
    </FileDrop>
  );
}

/** Below it on a phone, one would not see what changed. */
function toTheForm(): void {
  document.getElementById('draw-form')?.scrollIntoView({ block: 'nearest' });
}
