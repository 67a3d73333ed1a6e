/** @file Begins the page: the one-time code becomes a cookie, then the frame is drawn. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HttpStudio } from './backend/http-studio.ts';
import { logInByFragment } from './backend/log-in.ts';
import { StudioProvider } from './backend/studio-provider.tsx';
import { App } from './frame/app.tsx';
import './style/tokens.css';
import './style/base.css';

const place = document.getElementById('page');
if (place === null) throw new Error('the document has no element "page"');
await logInByFragment(window);
createRoot(place).render(
  <StrictMode>
    <StudioProvider studio={new HttpStudio()}>
      <App />
    </StudioProvider>
  </StrictMode>,
);
