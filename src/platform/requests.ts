/** @file Requests to servers. */

/** What every request says of itself. */
export const requestHeaders: Readonly<Record<string, string>> = {
  'User-Agent': 'diffusekrona',
  // Sizes and ranges count the bytes of the file, not those of a compressed answer.
  'Accept-Encoding': 'identity',
};

/** How every request is made, beside what it says. */
export const requestSettings: RequestInit = {};
