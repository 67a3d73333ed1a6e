/** @file Begins the site: its service worker, the Studio of the tab, and the same page that a server sends. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HttpStudio } from '../page/backend/http-studio.ts';
import { StudioProvider } from '../page/backend/studio-provider.tsx';
import { App } from '../page/frame/app.tsx';
import '../page/style/tokens.css';
import '../page/style/base.css';
import { Beginning } from './beginning.tsx';
import { Lost } from './lost.tsx';
import { forgetLost, type LostFiles, lostFiles } from './lost-files.ts';
import { NotOpened, openTab } from './opened-tab.ts';
import { saveFiles } from './save-files.ts';

/** Settled once the person has read what the browser has removed. */
async function told(lost: LostFiles): Promise<void> {
  await new Promise<void>((resolve) => root.render(<Lost lost={lost} onRead={resolve} />));
  forgetLost();
}

const place = document.getElementById('page');
if (place === null) throw new Error('the document has no element "page"');
const root = createRoot(place);
root.render(<Beginning />);
try {
  const transport = await openTab();
  saveFiles();
  const lost = lostFiles();
  if (lost !== undefined) await told(lost);
  root.render(
    <StrictMode>
      <StudioProvider studio={new HttpStudio(transport)}>
        <App base={transport.base} place="tab" />
      </StudioProvider>
    </StrictMode>,
  );
} catch (error) {
  if (!(error instanceof NotOpened)) throw error;
  root.render(<Beginning error={error} />);
}
