/** @file Which screen an address shows. Each is loaded when it is first shown. */
import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { LinkButton } from '../parts/controls/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ScreenTitle } from '../parts/screen-title.tsx';
import { screens } from '../screens/registry.ts';
import { useWords } from '../words/use-words.tsx';
import { ErrorBoundary, notLoaded } from './error-boundary.tsx';
import styles from './routes.module.css';
import { decodedParameter } from './whole-address.ts';

const loaded = screens.map(({ path, load }) => ({
  path,
  Screen: lazy(async () => ({ default: await load().catch(notLoaded) })),
}));

export function Routes() {
  return (
    <Switch>
      {loaded.map(({ path, Screen }) => (
        <Route key={path} path={path}>
          {(parameters: { readonly id?: string }) => (
            <ErrorBoundary key={parameters.id}>
              <Suspense fallback={<Loading />}>
                <Screen id={decodedParameter(parameters.id)} />
              </Suspense>
            </ErrorBoundary>
          )}
        </Route>
      ))}
      <Route>
        <Nowhere />
      </Route>
    </Switch>
  );
}

function Loading() {
  const { t } = useWords();
  return <p className={styles.loading}>{t('frame.loading')}</p>;
}

function Nowhere() {
  const { t } = useWords();
  return (
    <>
      <ScreenTitle title={t('frame.nowhere')} />
      <EmptyState text={window.location.pathname}>
        <LinkButton to="/">{t('home.title')}</LinkButton>
      </EmptyState>
    </>
  );
}
