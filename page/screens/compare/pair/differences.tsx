/** @file Only what differs between two pictures: their places on the axes, and the settings of their runs. */
import type { Axis } from '../../../../src/studio/interface/comparison-operations.ts';
import type { Settings } from '../../../../src/studio/interface/operation-shapes.ts';
import { useLook } from '../../../backend/use-look.ts';
import { useWords } from '../../../words/use-words.tsx';
import { useAxisWords } from '../axes/use-axis-words.ts';
import { differingSettings } from './differing-settings.ts';
import styles from './pair-window.module.css';

type Value = Axis['values'][number];

interface DifferencesProps {
  readonly differing: readonly {
    readonly name: string;
    readonly before: Value;
    readonly after: Value;
  }[];
}

export function Differences({ differing }: DifferencesProps) {
  const { t } = useWords();
  const { nameOf, textOf } = useAxisWords();
  const runs = differing.find(({ name }) => name === 'run');
  const before = useRunSettings(runs?.before);
  const after = useRunSettings(runs?.after);
  const settings = before && after ? differingSettings(before, after) : [];
  return (
    <table className={styles.differences}>
      <caption>{t('compare.differs')}</caption>
      <tbody>
        {differing.map((each) => (
          <tr key={each.name}>
            <th scope="row">{nameOf(each.name)}</th>
            <td>{textOf(each.name, each.before)}</td>
            <td>{textOf(each.name, each.after)}</td>
          </tr>
        ))}
        {settings.map(({ key, before: first, after: second }) => (
          <tr key={`run ${key}`}>
            <th scope="row">
              <code>{key}</code>
            </th>
            <td>{first}</td>
            <td>{second}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Undefined where no run is asked for. */
function useRunSettings(run: Value | undefined): Settings | undefined {
  const id = run === undefined ? undefined : String(run);
  const { data } = useLook('runs.get', id === undefined ? undefined : { id });
  return data?.id === id ? data?.settings : undefined;
}
