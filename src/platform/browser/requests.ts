/** @file Requests of a page to servers of other origins. */

/**
 * Nothing: of a header that is not on the list of the fetch standard ("CORS-safelisted request-header") a browser first
 * asks the server whether it may send it, which stores of large files refuse.
 */
export const requestHeaders: Readonly<Record<string, string>> = {};

/** What comes is kept by us, and should not be kept twice. */
export const requestSettings: RequestInit = { cache: 'no-store' };
