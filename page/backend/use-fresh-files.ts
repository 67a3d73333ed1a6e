/** @file People put files into the work folder beside the page, which no event tells of. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { askAnew } from './ask-anew.ts';
import type { LookName } from './operation-kinds.ts';

/** Asks anew for what a folder holds: when it is shown, and when the person comes back to the page. */
export function useFreshFiles(name: LookName): void {
  const client = useQueryClient();
  useEffect(() => {
    const again = () => askAnew(client, [name]);
    again();
    window.addEventListener('focus', again);
    return () => window.removeEventListener('focus', again);
  }, [client, name]);
}
