/** @file The page: rail, screen, job strip, in the person's language and light. */
import { useEffect, useRef } from 'react';
import { Router, useLocation } from 'wouter';
import { type Place, PlaceContext, usePlace } from '../backend/place.ts';
import { StudioError } from '../backend/studio-error.ts';
import { useIsConnected } from '../backend/studio-provider.tsx';
import { useLook } from '../backend/use-look.ts';
import { Button } from '../parts/controls/button.tsx';
import { MessagesProvider } from '../parts/messages.tsx';
import { useWords, WordsProvider } from '../words/use-words.tsx';
import styles from './app.module.css';
import { HeldTab } from './held-tab.ts';
import { JobStrip } from './job-strip.tsx';
import { LoggedOut } from './logged-out.tsx';
import { Rail } from './rail.tsx';
import { Routes } from './routes.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { useWholeLocation, useWholeSearch } from './whole-address.ts';

interface AppProps {
  /** Path that the page is served at, without a slash at its end. */
  readonly base?: string;
  /** Where its Studio works. */
  readonly place?: Place;
}

export function App({ base = '', place = 'server' }: AppProps) {
  const { data: session, error } = useLook('session.get', {});
  const { language = 'system', theme = 'system', shortcuts = true } = session?.preferences ?? {};
  useEffect(() => {
    document.documentElement.style.colorScheme = theme === 'system' ? 'light dark' : theme;
  }, [theme]);
  const isLoggedOut = error instanceof StudioError && error.code === 'SESSION_NEEDED';
  return (
    <PlaceContext value={place}>
      <WordsProvider preferred={language}>
        {isLoggedOut ? (
          <LoggedOut />
        ) : (
          <Router base={base} hook={useWholeLocation} searchHook={useWholeSearch}>
            <MessagesProvider>
              <Frame />
              {shortcuts && <Shortcuts />}
            </MessagesProvider>
          </Router>
        )}
      </WordsProvider>
    </PlaceContext>
  );
}

function Frame() {
  const { t } = useWords();
  const main = useRef<HTMLElement>(null);
  const [address] = useLocation();
  const shown = useRef(address);
  useEffect(() => {
    if (shown.current === address) return;
    shown.current = address;
    // As a browser does with a new document: at its top, and read from there.
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [address]);
  return (
    <div className={styles.frame}>
      <a href="#main" className={styles.skip}>
        {t('frame.skip')}
      </a>
      <Rail />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Routes />
      </main>
      <Connection />
      <JobStrip />
      <HeldTab />
    </div>
  );
}

function Connection() {
  const { t } = useWords();
  const isConnected = useIsConnected();
  const place = usePlace();
  return (
    <div role="status">
      {!isConnected && (
        <div className={styles.disconnected}>
          <p>{t(place === 'tab' ? 'tab.ended' : 'frame.disconnected')}</p>
          {place === 'tab' && (
            <Button onClick={() => location.reload()}>{t('frame.reload')}</Button>
          )}
        </div>
      )}
    </div>
  );
}
