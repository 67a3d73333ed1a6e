/** @file Screen: what the person prefers, and where Studio works. */
import type { Preferences } from '../../../src/studio/interface/machine-operations.ts';
import { usePlace } from '../../backend/place.ts';
import { useChange, useLook } from '../../backend/use-look.ts';
import { CheckField, SelectField } from '../../parts/controls/field.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useDeviceWords } from '../../parts/words/device-words.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './settings-screen.module.css';
import { StoredFiles } from './stored-files.tsx';
import { StoredModels } from './stored-models.tsx';
import { TabStorage } from './tab-storage.tsx';

export function SettingsScreen() {
  const { t } = useWords();
  const place = usePlace();
  const { data: session, error } = useLook('session.get', {});
  const change = useChange('preferences.set');
  const set = (preferences: Partial<Preferences>) => change.mutate(preferences);
  return (
    <>
      <ScreenTitle title={t('settings.title')} lead={t('settings.lead')} />
      <ErrorNotice error={error ?? change.error} />
      {session !== undefined && (
        <div className={styles.columns}>
          <div className={styles.choices}>
            <Choices preferences={{ ...session.preferences, ...pendingOf(change) }} set={set} />
            <StoredFiles />
            <StoredModels />
            {place === 'tab' && <TabStorage />}
          </div>
          <section className={styles.facts}>
            <h2>{t('settings.machine')}</h2>
            <Facts />
          </section>
        </div>
      )}
    </>
  );
}

/** What was chosen stands at once, before the answer. */
function pendingOf(change: {
  readonly isPending: boolean;
  readonly variables: Partial<Preferences> | undefined;
}): Partial<Preferences> {
  return change.isPending ? (change.variables ?? {}) : {};
}

interface ChoicesProps {
  readonly preferences: Preferences;
  readonly set: (preferences: Partial<Preferences>) => void;
}

function Choices({ preferences: { language, theme, shortcuts }, set }: ChoicesProps) {
  const { t } = useWords();
  return (
    <div className={styles.choices}>
      <SelectField
        label={t('settings.language')}
        value={language}
        onChange={({ target }) => set({ language: target.value as Preferences['language'] })}
      >
        <option value="system">{t('settings.system')}</option>
        <option value="en">English</option>
        <option value="de">Deutsch</option>
      </SelectField>
      <SelectField
        label={t('settings.theme')}
        value={theme}
        onChange={({ target }) => set({ theme: target.value as Preferences['theme'] })}
      >
        <option value="system">{t('settings.system')}</option>
        <option value="light">{t('settings.light')}</option>
        <option value="dark">{t('settings.dark')}</option>
      </SelectField>
      <CheckField
        label={t('settings.shortcuts')}
        checked={shortcuts}
        onChange={({ target }) => set({ shortcuts: target.checked })}
      />
    </div>
  );
}

function Facts() {
  const { t, formats } = useWords();
  const place = usePlace();
  const deviceWords = useDeviceWords();
  const { data: session } = useLook('session.get', {});
  if (session === undefined) return null;
  const { work, version, machine } = session;
  const facts = [
    ...(place === 'server' ? [[t('settings.work'), work] as const] : []),
    [t('settings.cores'), formats.number(machine.cores)],
    [t('settings.memory'), formats.bytes(machine.memoryBytes)],
    [t('settings.disk'), formats.bytes(machine.freeDiskBytes)],
    [t('settings.devices'), formats.list(machine.devices.map(deviceWords))],
    [t('settings.version'), version],
  ] as const;
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
