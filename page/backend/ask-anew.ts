/** @file What was asked is no longer true: asked again where it is shown. */
import type { QueryClient } from '@tanstack/react-query';

/** Asks for lists, and for the one thing of them that changed. */
export function askAnew(client: QueryClient, beginnings: readonly string[], id?: string): void {
  void client.invalidateQueries({
    predicate: ({ queryKey: [name, input] }) => {
      if (typeof name !== 'string' || !beginnings.some((one) => name.startsWith(one))) return false;
      const asked = idOf(input);
      return id === undefined || asked === undefined || asked === id;
    },
  });
}

function idOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'id' in input ? input.id : undefined;
}
