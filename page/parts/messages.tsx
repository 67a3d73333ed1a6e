/** @file Short messages at the edge of the page, and words for those who listen to it. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import { Button } from './controls/button.tsx';
import styles from './messages.module.css';

export interface Message {
  readonly text: string;
  /** "Undo" */
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface Messages {
  /** Shows a message for eight seconds. */
  readonly show: (message: Message) => void;
  /** Says something to who listens, at most every ten seconds: of several, the last. */
  readonly announce: (text: string) => void;
}

const MessagesContext = createContext<Messages>({ show: () => {}, announce: () => {} });

export function useMessages(): Messages {
  return useContext(MessagesContext);
}

const shownFor = 8000;
const silence = 10_000;

export function MessagesProvider({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<Message>();
  const [waiting, setWaiting] = useState('');
  const [said, setSaid] = useState('');
  const show = useCallback((next: Message) => setMessage(next), []);
  const announce = useCallback((text: string) => setWaiting(text), []);
  useEffect(() => {
    if (message === undefined) return;
    const timer = setTimeout(() => setMessage(undefined), shownFor);
    return () => clearTimeout(timer);
  }, [message]);
  useSaying(waiting, setSaid);
  return (
    <MessagesContext value={{ show, announce }}>
      {children}
      <p className={styles.said} aria-live="polite">
        {said}
      </p>
      <div className={styles.place} role="status">
        {message !== undefined && (
          <div className={styles.message}>
            <p>{message.text}</p>
            {message.action !== undefined && (
              <Button
                kind="quiet"
                onClick={() => {
                  message.action?.run();
                  setMessage(undefined);
                }}
              >
                {message.action.label}
              </Button>
            )}
          </div>
        )}
      </div>
    </MessagesContext>
  );
}

/** Hands on the newest text, the first at once, others every ten seconds. */
function useSaying(text: string, say: (text: string) => void): void {
  const [state] = useState({
    text: '',
    timer: undefined as ReturnType<typeof setTimeout> | undefined,
  });
  useEffect(() => {
    state.text = text;
    if (text === '' || state.timer !== undefined) return;
    say(text);
    let last = text;
    const again = () => {
      if (state.text === last) {
        state.timer = undefined;
        return;
      }
      last = state.text;
      say(last);
      state.timer = setTimeout(again, silence);
    };
    state.timer = setTimeout(again, silence);
  }, [text, say, state]);
}
