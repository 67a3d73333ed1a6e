/** @file The one-time code in the address (`#code=...`) becomes a cookie, and leaves the address. */
import { request } from './http.ts';

/** A code that was used already is no error here: the cookie it brought may still be good, and if not, a look says so. */
export async function logInByFragment(view: Window): Promise<void> {
  const code = new URLSearchParams(view.location.hash.slice(1)).get('code');
  if (code === null) return;
  view.history.replaceState(null, '', view.location.pathname + view.location.search);
  const body = JSON.stringify({ code });
  const headers = { 'Content-Type': 'application/json' };
  await request('/api/login', { method: 'POST', headers, body }).catch(() => undefined);
}
