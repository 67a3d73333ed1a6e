/** @file Single keys: `g` and a letter lead to a screen, `?` lists all. Silent while one types. */
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { Modal } from '../parts/modal.tsx';
import { addressOf, screens } from '../screens/registry.ts';
import { useWords } from '../words/use-words.tsx';
import styles from './shortcuts.module.css';

const places = screens.flatMap((screen) =>
  screen.rail === undefined ? [] : [{ screen, key: screen.rail.key }],
);
/** Between `g` and the letter. */
const patience = 1500;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}

export function Shortcuts() {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const [isListed, setListed] = useState(false);
  useEffect(() => {
    let pressed = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') setListed(true);
      const isSecond = event.timeStamp - pressed < patience;
      pressed = event.key === 'g' ? event.timeStamp : 0;
      const place = isSecond ? places.find(({ key }) => key === event.key) : undefined;
      if (place === undefined) return;
      event.preventDefault();
      setListed(false);
      navigate(addressOf(place.screen) || '/');
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate]);
  return (
    <Modal title={t('frame.shortcuts')} isOpen={isListed} onClose={() => setListed(false)}>
      <dl className={styles.list}>
        {places.map(({ screen, key }) => (
          <div key={key}>
            <dt>
              <kbd>g</kbd> {t('frame.then')} <kbd>{key}</kbd>
            </dt>
            <dd>{t(screen.title)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>{t('frame.key-list')}</dd>
        </div>
      </dl>
    </Modal>
  );
}
