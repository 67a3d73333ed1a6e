/** @file Gives the page its Studio: what was asked is kept, and asked anew when events say that it changed. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Studio } from '../../src/studio/interface/studio.ts';
import { applyEvent } from './apply-event.ts';
import { StudioError } from './studio-error.ts';

const StudioContext = createContext<Studio | undefined>(undefined);
const ConnectionContext = createContext(true);

/** Who does the work. */
export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (studio === undefined) throw new Error('useStudio() outside of <StudioProvider>');
  return studio;
}

/** Whether events arrive; true until the first connection was lost. */
export function useIsConnected(): boolean {
  return useContext(ConnectionContext);
}

function createClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events say when something is no longer true.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        networkMode: 'always',
        retry: (count, error) =>
          count < 2 && error instanceof StudioError && error.code === 'NO_ANSWER',
      },
      mutations: { networkMode: 'always' },
    },
  });
}

export function StudioProvider({ studio, children }: { studio: Studio; children: ReactNode }) {
  const [client] = useState(createClient);
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    const ended = new AbortController();
    studio.listen((event) => applyEvent(client, event), ended.signal, setConnected);
    return () => ended.abort();
  }, [studio, client]);
  return (
    <StudioContext value={studio}>
      <ConnectionContext value={isConnected}>
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      </ConnectionContext>
    </StudioContext>
  );
}
