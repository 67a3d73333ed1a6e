/** @file Which model learns: each with its size, and what a step takes on this machine. */
import { useId } from 'react';
import type { Base, StepEstimate } from '../../../src/studio/interface/machine-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { BringButton, useBringFiles } from '../../parts/controls/bring-button.tsx';
import { useDeviceWords } from '../../parts/words/device-words.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './base-choice.module.css';

interface BaseChoiceProps {
  readonly bases: readonly Base[];
  readonly chosen: string;
  readonly onChange: (name: string) => void;
}

export function BaseChoice({ bases, chosen, onChange }: BaseChoiceProps) {
  const { t } = useWords();
  const group = useId();
  const bringing = useBringFiles(({ kind, id }) => {
    if (kind === 'model') onChange(id);
  });
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t('home.base')}</legend>
      {bases.map((base) => (
        <label key={base.name} className={styles.base}>
          <input
            type="radio"
            name={group}
            checked={base.name === chosen}
            onChange={() => onChange(base.name)}
          />
          <span>
            <span className={styles.title}>{base.title}</span>
            <BaseFacts base={base} isChosen={base.name === chosen} />
          </span>
        </label>
      ))}
      <MachineLine />
      <div className={styles.own}>
        <BringButton kind="quiet" bringing={bringing}>
          {t('home.own-model')}
        </BringButton>
      </div>
    </fieldset>
  );
}

interface BaseFactsProps {
  readonly base: Base;
  readonly isChosen: boolean;
}

function BaseFacts({ base, isChosen }: BaseFactsProps) {
  const { name, isToy, isHere, bytes, license, size } = base;
  const { t, formats } = useWords();
  // Of those that were looked at: to reckon that of a large model takes the processor seconds.
  const { data } = useLook('bases.step', isChosen ? { base: name } : undefined);
  const place = isHere
    ? t('home.here', { size: formats.bytes(bytes) })
    : t('home.download', { size: formats.bytes(bytes) });
  return (
    <>
      <span className={styles.fact}>{isToy ? t('home.toy') : place}</span>
      <span className={styles.fact}>
        {[...stepFacts(data?.step), license].filter((fact) => fact !== undefined).join(' · ')}
      </span>
    </>
  );

  function stepFacts(step: StepEstimate | undefined): readonly string[] {
    if (step === undefined) return [];
    const { memoryBytes, secondsPerStep: seconds } = step.smaller ?? step;
    const memory = t('home.step', { memory: formats.bytes(memoryBytes) });
    const time =
      seconds === undefined ? [] : [t('home.step-seconds', { seconds: formats.short(seconds) })];
    return [...wayOf(step), memory, ...time, pictureOf(step)];
  }

  function wayOf({ fits, memorySetting, smaller }: StepEstimate): string[] {
    if (fits) return [];
    if (memorySetting !== undefined) return [t('home.fits-with', { memory: memorySetting })];
    if (smaller === undefined) return [t('home.too-large')];
    return [t('home.fits-at', { side: smaller.resolution })];
  }

  function pictureOf({ secondsPerPicture: seconds }: StepEstimate): string {
    if (seconds === undefined) return t('home.no-drawing');
    return t('home.picture-time', { time: formats.duration(seconds), size });
  }
}

function MachineLine() {
  const { t, formats } = useWords();
  const deviceWords = useDeviceWords();
  const { data } = useLook('session.get', {});
  if (data === undefined) return null;
  const { cores, memoryBytes, devices } = data.machine;
  const values = {
    cores,
    memory: formats.bytes(memoryBytes),
    devices: formats.list(devices.map(deviceWords)),
  };
  return <p className={styles.fact}>{t('home.machine', values)}</p>;
}
