/** @file The screens: a rail at the left, on phones a bar at the bottom with the last ones behind "More". */
import { useId } from 'react';
import { Link, useLocation } from 'wouter';
import { classNames } from '../parts/class-names.ts';
import { Icon } from '../parts/icon.tsx';
import { addressOf, type Screen, screens } from '../screens/registry.ts';
import { useWords } from '../words/use-words.tsx';
import styles from './rail.module.css';

const inRail = screens.filter(({ rail }) => rail !== undefined);
/** Beside "More" on a phone. */
const onBar = 4;

export function Rail() {
  const { t } = useWords();
  const more = useId();
  return (
    <nav aria-label={t('frame.rail')} className={styles.rail}>
      <p className={styles.name}>krona studio</p>
      <ul className={styles.list}>
        {inRail.map((screen, n) => (
          <li key={screen.path} className={classNames(n >= onBar && styles.wide)}>
            <RailLink screen={screen} />
          </li>
        ))}
        <li className={styles.narrow}>
          <button type="button" popoverTarget={more} className={styles.link}>
            <Icon name="more" />
            {t('frame.more')}
          </button>
        </li>
      </ul>
      <ul id={more} popover="auto" className={styles.more}>
        {inRail.slice(onBar).map((screen) => (
          <li key={screen.path}>
            <RailLink
              screen={screen}
              onClick={() => document.getElementById(more)?.hidePopover()}
            />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function RailLink({ screen, onClick }: { screen: Screen; onClick?: () => void }) {
  const { t } = useWords();
  const [address] = useLocation();
  const own = addressOf(screen) || '/';
  const isHere = own === '/' ? address === '/' : `${address}/`.startsWith(`${own}/`);
  return (
    <Link
      to={own}
      className={styles.link}
      aria-current={isHere ? 'page' : undefined}
      {...(onClick === undefined ? {} : { onClick })}
    >
      {screen.rail !== undefined && <Icon name={screen.rail.icon} />}
      {t(screen.title)}
    </Link>
  );
}
