/** @file Takes a picture out of a set, and brings it back for whoever changes their mind. */
import { useChange } from '../../backend/use-look.ts';
import { useMessages } from '../../parts/messages.tsx';
import { failureOf, useSaying } from '../../parts/words/failure-words.ts';
import { useWords } from '../../words/use-words.tsx';

export function useRemovePicture(id: string): (name: string) => void {
  const { t } = useWords();
  const saying = useSaying();
  const { show } = useMessages();
  const remove = useChange('datasets.remove-picture');
  const restore = useChange('datasets.restore-picture');
  const onError = (error: Error) => show({ text: saying(failureOf(error)) });
  const bringBack = (name: string) => restore.mutate({ id, name }, { onError });
  return (name) =>
    remove.mutate(
      { id, name },
      {
        onError,
        onSuccess: () =>
          show({
            text: t('pictures.removed', { name }),
            action: { label: t('pictures.undo'), run: () => bringBack(name) },
          }),
      },
    );
}
