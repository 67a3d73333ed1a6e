/** @file The one-time code in the address (`#code=...`) becomes a cookie, and leaves the address. */
import { request } from './http.ts';

/** A code that was used already is no error here: the cookie it brought may still be good, and if not, a look says so. */
export async function logInByFragment(view: Window): Promise<void> {
  const code = new URLSearchParams(view.location.hash.slice(1)).get('code');
  if (code === null) return;
  view.history.replaceState(null, '', view.location.pathname + view.location.search);
  await logIn({ code }).catch(() => undefined);
}

/** @throws StudioError where it is wrong, or was used */
export async function logIn(brought: { code: string } | { password: string }): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify(brought);
  await request('/api/login', { method: 'POST', headers, body });
}
