/** @file The time, for what says how long ago something was. */
import { useEffect, useState } from 'react';

/** Milliseconds since 1970 began, told anew after every so many. */
export function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
