/** @file Where Studio works: on the server that the page came from, or in the tab itself. */
import { createContext, useContext } from 'react';

export type Place = 'server' | 'tab';

/** Given by who begins the page. */
export const PlaceContext = createContext<Place>('server');

/** For what is there in one place alone; words that differ know it themselves. */
export function usePlace(): Place {
  return useContext(PlaceContext);
}
