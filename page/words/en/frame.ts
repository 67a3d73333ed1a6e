/** @file Words of the frame around all screens. */
import type { Words } from '../word-types.ts';

export const frame = {
  'frame.skip': 'Skip to the content',
  'frame.rail': 'Screens',
  'frame.more': 'More',
  'frame.strip': 'What is running',
  'frame.idle': 'Nothing is running.',
  'frame.waiting': { one: '{n} waiting', other: '{n} waiting' },
  'frame.disconnected':
    'Studio does not answer. Trainings go on without it; this page comes back by itself.',
  'frame.logged-out': 'This page is not logged in',
  'frame.log-in':
    'Start krona studio in a terminal and open the address that it prints. It works once, for one browser.',
  'frame.password': 'Password',
  'frame.password-hint': 'Only where Studio was started with one.',
  'frame.enter': 'Enter',
  'frame.broken': 'This screen broke',
  'frame.again': 'Try again',
  'frame.not-loaded': 'This screen cannot be loaded',
  'frame.not-loaded-why':
    'The page was updated since it was opened, or where it came from does not answer. Load it again.',
  'frame.reload': 'Load again',
  'frame.nowhere': 'There is nothing at this address',
  'frame.loading': 'Loading…',
  'frame.shortcuts': 'Keyboard',
  'frame.key-list': 'this list',
  'frame.then': 'then',
} as const satisfies Words;
