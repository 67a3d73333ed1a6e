/** @file Requests to Studio, and its errors as errors. */
import type { HttpError } from '../../src/studio/interface/over-http.ts';
import { StudioError } from './studio-error.ts';

/** A form of another site cannot send this header without asking first. */
const own = { 'X-Krona': '1' };

/** Sends a request, as `fetch` does. */
export type Send = (address: string, init: RequestInit) => Promise<Response>;

/** To the server that the page came from. */
export const toServer: Send = (address, init) => fetch(address, init);

/** @throws StudioError */
export async function request(
  address: string,
  init: RequestInit = {},
  send: Send = toServer,
): Promise<Response> {
  let response: Response;
  try {
    response = await send(address, { ...init, headers: { ...own, ...init.headers } });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw noAnswer('Studio does not answer; is it still running?');
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function errorOf(response: Response): Promise<StudioError> {
  const text = await response.text();
  const found = parsed(text)?.error;
  if (found !== undefined) return new StudioError(found);
  return noAnswer(`the answer was ${response.status} ${text.slice(0, 200)}`);
}

function noAnswer(message: string): StudioError {
  return new StudioError({ code: 'NO_ANSWER', message });
}

function parsed(text: string): Partial<HttpError> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The JSON of an answer. */
export async function answerOf<Answer>(response: Response): Promise<Answer> {
  return (await response.json()) as Answer;
}
