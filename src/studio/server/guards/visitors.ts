/** @file Who may ask: a browser that once brought the code which only the terminal shows, or the password. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { Turns } from '../../../base/turns.ts';
import { sleep } from '../../../platform/waiting.ts';
import { replaceFile } from '../../../storage/files/atomic-file.ts';
import { readTextIfPresent } from '../../../storage/files/text-file.ts';
import { refused } from '../refused.ts';
import { isData } from './own-pages.ts';

/** Seconds that a browser keeps the cookie. */
const cookieLife = 30 * 24 * 3600;
/** Milliseconds that a wrong answer takes. */
const afterWrong = 500;

interface VisitorOptions {
  /** Secret of the work folder, so that pages stay open when the server is started again. */
  readonly key: string;
  readonly port: number;
  readonly password: string | undefined;
  /** Told of the code that opens the next browser. */
  readonly onCode: (code: string) => void;
}

/** Knows visitors by a cookie named after the port, since cookies are not separated by ports. */
export class Visitors {
  readonly #options: VisitorOptions;
  readonly #token: string;
  #code: string;
  /** Passwords are tried one after the other: guessing is slow however many ask at once. */
  readonly #turns = new Turns(1);

  constructor(options: VisitorOptions) {
    this.#options = options;
    const { key, port } = options;
    this.#token = createHmac('sha256', key).update(`krona_${port}`).digest('hex');
    this.#code = newCode();
  }

  /** Opens one browser, once. */
  get code(): string {
    return this.#code;
  }

  /** Refuses everything but the page's own files and the door to those without the cookie. */
  require(): MiddlewareHandler {
    return async (context, next) => {
      const { path } = context.req;
      const cookie = getCookie(context, this.#cookieName);
      const isKnown = cookie !== undefined && isSame(cookie, this.#token);
      if (!isData(path) || path === openPath || isKnown) return await next();
      return refused(context, 401, {
        code: 'SESSION_NEEDED',
        message: 'open the address that the terminal shows, with the code in it',
      });
    };
  }

  /** Lets a browser in; false where what it brings is wrong. */
  async open(context: Context, brought: Brought): Promise<boolean> {
    // Nobody guesses a code, and who has it does not wait for those who guess.
    const isCode = brought.code !== undefined && isSame(brought.code, this.#code);
    if (!isCode && !(await this.#turns.take(() => this.#isPassword(brought)))) return false;
    if (isCode) {
      this.#code = newCode();
      this.#options.onCode(this.#code);
    }
    setCookie(context, this.#cookieName, this.#token, {
      ...{ httpOnly: true, sameSite: 'Strict', path: '/', maxAge: cookieLife },
    });
    return true;
  }

  get #cookieName(): string {
    return `krona_${this.#options.port}`;
  }

  /** Takes its time where it is wrong. */
  async #isPassword({ code, password }: Brought): Promise<boolean> {
    const own = this.#options.password;
    const isRight =
      code === undefined && own !== undefined && password !== undefined && isSame(password, own);
    if (!isRight) await sleep(afterWrong);
    return isRight;
  }
}

/** Where a browser brings the code. */
export const openPath = '/api/login';

/** What a browser brings to be let in. */
export interface Brought {
  readonly code?: string | undefined;
  readonly password?: string | undefined;
}

/** The secret of a work folder, made where there is none. */
export async function workKey(path: string): Promise<string> {
  const found = (await readTextIfPresent(path))?.trim();
  if (found !== undefined && /^[0-9a-f]{64}$/.test(found)) return found;
  const key = randomBytes(32).toString('hex');
  await replaceFile(path, async (handle) => {
    await handle.chmod(0o600);
    await handle.writeFile(`${key}\n`);
  });
  return key;
}

function newCode(): string {
  return randomBytes(16).toString('base64url');
}

/** Takes as long whatever the difference. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
