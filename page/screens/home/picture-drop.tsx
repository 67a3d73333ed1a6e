/** @file Where pictures are dropped, pasted or chosen; what is there is shown at once, before it is sent. */
import { type ClipboardEvent, type DragEvent, useEffect, useId, useMemo, useState } from 'react';
import { classNames } from '../../parts/class-names.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useMessages } from '../../parts/messages.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './picture-drop.module.css';

const types = ['image/png', 'image/jpeg', 'image/webp'];

interface PictureDropProps {
  readonly files: readonly File[];
  readonly onChange: (files: readonly File[]) => void;
  readonly error: string | undefined;
}

export function PictureDrop({ files, onChange, error }: PictureDropProps) {
  const { t } = useWords();
  const { show } = useMessages();
  const [isOver, setOver] = useState(false);
  const id = useId();
  const add = (list: FileList | null) => {
    const dropped = [...(list ?? [])];
    const pictures = dropped.filter(({ type }) => types.includes(type));
    const other = dropped.find(({ type }) => !types.includes(type));
    if (other !== undefined) show({ text: t('home.no-picture', { name: other.name }) });
    if (pictures.length > 0) onChange([...files, ...pictures]);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };
  const onPaste = (event: ClipboardEvent) => add(event.clipboardData.files);
  return (
    <div className={styles.place}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keyboards have the file chooser inside */}
      <div
        className={classNames(
          styles.drop,
          isOver && styles.over,
          files.length > 0 && styles.filled,
        )}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        onPaste={onPaste}
      >
        {files.length > 0 && (
          <ul className={styles.thumbnails}>
            {files.map((file) => (
              <Thumbnail
                key={`${file.name} ${file.size} ${file.lastModified}`}
                file={file}
                onRemove={() => onChange(files.filter((one) => one !== file))}
              />
            ))}
          </ul>
        )}
        <label htmlFor={id} className={styles.choose}>
          <Icon name={files.length === 0 ? 'upload' : 'add'} size={files.length === 0 ? 28 : 20} />
          {files.length === 0 ? (
            <>
              <span className={styles.words}>{t('home.drop')}</span>
              <span className={styles.or}>{t('home.choose')}</span>
            </>
          ) : (
            <span>{t('home.add')}</span>
          )}
          <input
            id={id}
            type="file"
            multiple
            accept={types.join(',')}
            className={styles.input}
            aria-describedby={error === undefined ? undefined : `${id}-error`}
            onChange={({ target }) => {
              add(target.files);
              target.value = '';
            }}
          />
        </label>
      </div>
      <p id={`${id}-error`} className={classNames(styles.note, error !== undefined && styles.bad)}>
        {error ?? (files.length > 0 ? t('home.pictures', { n: files.length }) : 'PNG, JPEG, WebP')}
      </p>
    </div>
  );
}

function Thumbnail({ file, onRemove }: { file: File; onRemove: () => void }) {
  const { t } = useWords();
  const address = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return (
    <li className={styles.thumbnail}>
      <img src={address} alt={file.name} />
      <Button
        kind="plain"
        icon="close"
        className={styles.remove}
        aria-label={t('home.remove-picture', { name: file.name })}
        onClick={onRemove}
      />
    </li>
  );
}
