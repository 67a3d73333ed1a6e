/** @file Where pictures are dropped, pasted or chosen; what is there is shown at once, before it is sent. */
import { useEffect, useId, useMemo } from 'react';
import { classNames } from '../../parts/class-names.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useMessages } from '../../parts/messages.tsx';
import { FileDrop } from '../../parts/pictures/file-drop.tsx';
import { isPictureFile, pictureTypes } from '../../parts/pictures/picture-files.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './picture-drop.module.css';

interface PictureDropProps {
  readonly files: readonly File[];
  readonly onChange: (files: readonly File[]) => void;
  readonly error: string | undefined;
}

export function PictureDrop({ files, onChange, error }: PictureDropProps) {
  const { t } = useWords();
  const { show } = useMessages();
  const id = useId();
  const add = (added: readonly File[]) => {
    const pictures = added.filter(isPictureFile);
    const other = added.find((file) => !isPictureFile(file));
    if (other !== undefined) show({ text: t('home.no-picture', { name: other.name }) });
    if (pictures.length > 0) onChange([...files, ...pictures]);
  };
  return (
    <div className={styles.place}>
      <FileDrop
        onFiles={add}
        className={classNames(styles.drop, files.length > 0 && styles.filled)}
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
            accept={pictureTypes.join(',')}
            className={styles.input}
            aria-describedby={error === undefined ? undefined : `${id}-error`}
            onChange={({ target }) => {
              add([...(target.files ?? [])]);
              target.value = '';
            }}
          />
        </label>
      </FileDrop>
      <p id={`${id}-error`} className={classNames(styles.note, error !== undefined && styles.bad)}>
        {error ??
          (files.length > 0 ? t('home.pictures', { n: files.length }) : 'PNG, JPEG, WebP, HEIC')}
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
