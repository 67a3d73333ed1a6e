/** @file Begins the site: its service worker, the Studio of the tab, and the same page that a server sends. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HttpStudio } from '../page/backend/http-studio.ts';
import { StudioProvider } from '../page/backend/studio-provider.tsx';
import { App } from '../page/frame/app.tsx';
import '../page/style/tokens.css';
import '../page/style/base.css';
import { ownServiceWorker, serveServiceWorker } from './own-service-worker.ts';
import { TabTransport } from './tab-transport.ts';

const place = document.getElementById('page');
if (place === null) throw new Error('the document has no element "page"');
const base = await ownServiceWorker();
if (base === undefined) {
  place.textContent =
    'This browser keeps service workers from the page, or it was not opened by https: it can neither keep files nor train.';
} else {
  const worker = new Worker(new URL('./workers/studio-worker.ts', import.meta.url), {
    type: 'module',
    name: 'studio',
  });
  const transport = new TabTransport(worker, { base });
  serveServiceWorker(transport);
  createRoot(place).render(
    <StrictMode>
      <StudioProvider studio={new HttpStudio(transport)}>
        <App base={base} place="tab" />
      </StudioProvider>
    </StrictMode>,
  );
}
