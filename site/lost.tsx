/** @file What stands where the page will be when the browser has removed files: which, and what to do. */
import { PlaceContext } from '../page/backend/place.ts';
import { Button } from '../page/parts/controls/button.tsx';
import { useWords, WordsProvider } from '../page/words/use-words.tsx';
import styles from './beginning.module.css';
import type { LostFiles } from './lost-files.ts';

interface LostProps {
  readonly lost: LostFiles;
  readonly onRead: () => void;
}

export function Lost(props: LostProps) {
  return (
    <PlaceContext value="tab">
      <WordsProvider preferred="system">
        <main className={styles.place}>
          <LostWords {...props} />
        </main>
      </WordsProvider>
    </PlaceContext>
  );
}

function LostWords({ lost: { isAll, paths }, onRead }: LostProps) {
  const { t } = useWords();
  const groups = lostGroups(paths);
  return (
    <div className={styles.begins}>
      <h1>{t(isAll ? 'tab.lost-all' : 'tab.lost')}</h1>
      <p>{t(isAll ? 'tab.lost-all-why' : 'tab.lost-why')}</p>
      {groups.length > 0 && (
        <ul className={styles.lost}>
          {groups.map(({ room, name, count }) => (
            <li key={`${room}/${name}`}>
              <strong>{t(`tab.lost.${room}`, { name, n: count })}</strong>
              <small>{t(`tab.lost.${room}-then`)}</small>
            </li>
          ))}
        </ul>
      )}
      <p>{t('tab.lost-next')}</p>
      <div>
        <Button kind="main" onClick={onRead}>
          {t('tab.lost-read')}
        </Button>
      </div>
    </div>
  );
}

/** Rooms of the work folder whose parts people know by name. */
const named = ['runs', 'datasets', 'adapters', 'models', 'sweeps'] as const;
type Room = (typeof named)[number] | 'pictures' | 'others';

interface LostGroup {
  readonly room: Room;
  /** Empty of what has none that people know. */
  readonly name: string;
  readonly count: number;
}

/** What belongs together is said once. */
function lostGroups(paths: readonly string[]): readonly LostGroup[] {
  const groups = new Map<string, LostGroup>();
  for (const path of paths) {
    const group = groupOf(path);
    const key = `${group.room}/${group.name}`;
    groups.set(key, { ...group, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

function groupOf(path: string): Omit<LostGroup, 'count'> {
  const [room = '', name = ''] = path.split('/');
  const known = named.find((one) => one === room);
  if (known !== undefined) return { room: known, name: name.replace(/\.\w+$/, '') };
  return { room: room === 'pictures' ? 'pictures' : 'others', name: '' };
}
