/** @file The address as the browser has it, for wouter, which decodes it before anybody takes it apart. */
import {
  type BrowserLocationHook,
  type BrowserSearchHook,
  useBrowserLocation,
  useSearch,
} from 'wouter/use-browser-location';

/** wouter's `decodeURI` would make `%2526` what stands for `&`; of a `%` encoded once more it makes a `%`. */
const encoded = (text: string): string => text.replaceAll('%', '%25');

/** For wouter's router: with it, `useLocation()` returns the path, and routes their parameters, not decoded. */
export const useWholeLocation: BrowserLocationHook = (options) => {
  const [path, navigate] = useBrowserLocation(options);
  return [encoded(path), navigate];
};

/** For wouter's router: with it, `useSearch()` returns the query not decoded, as `URLSearchParams` takes it. */
export const useWholeSearch: BrowserSearchHook = (options) => encoded(useSearch(options));

/** A parameter of a route: what `encodeURIComponent` made of an id. Somebody may have typed it. */
export function decodedParameter(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}
