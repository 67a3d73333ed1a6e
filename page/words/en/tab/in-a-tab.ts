/** @file English words in place of others where Studio works in the tab: there is no server, no terminal and no folder. */
import type { Translation } from '../../word-types.ts';
import type { english } from '../index.ts';

export const englishInATab = {
  'home.lead':
    'Three to six pictures are enough. They never leave this machine: this tab does all the work.',
  'home.here': 'in this browser, {size}',
  'home.too-large': 'does not fit a tab',
  'home.machine': '{cores} cores, at most {memory} of memory, computes on {devices}',
  'home.try-hint': 'Nothing to prepare: five bundled pictures, the toy, a few minutes.',
  'home.no-runs': 'What is trained in this browser appears here.',
  'run.state.ended': 'broke off',
  'run.ended-at':
    'A training lives no longer than its tab: it was closed or reloaded, or the worker in it broke, perhaps for want of memory.',
  'run.ended-checkpoint':
    'Everything up to step {step} is kept in this browser. It goes on from there, with the same result as if nothing had happened.',
  'train.disk': 'Storage, at most',
  'train.memory-large': '{bytes}; a tab has at most {all}',
  'parts.no-answer': 'Studio does not answer. Reload the page; what was kept is still there.',
  'parts.group.machine': 'This tab',
  'pictures.remove-sure': {
    one: 'The set and its picture are removed from this browser. Files that you added it from stay.',
    other:
      'The set and its {n} pictures are removed from this browser. Files that you added them from stay.',
  },
  'adapters.lead':
    'Small files that each teach a model one thing. Those of runs appear by themselves; others can be dropped here.',
  'adapters.beside': 'added or made here',
  'adapters.merge-few': 'Merging takes two adapters; here are fewer. Train another one.',
  'adapters.new-name-hint': 'It is kept in this browser, among the adapters.',
  'adapters.models-where':
    'Models that were added on Home are in the lists; others are taken from the hub.',
  'experiments.file-hint': 'Change what you like; it is checked as you type.',
  'experiments.ended-why':
    'An experiment lives no longer than its tab: it was closed or reloaded, or the worker in it broke, perhaps for want of memory. What is done is kept, and what was half done goes on where it was.',
  'experiments.fact.disk': 'Storage, at most',
  'experiments.too-large': 'Too large for the memory of a tab: {names}.',
  'settings.lead': 'Kept in this browser, for every tab of this page.',
  'settings.stored': 'Room in this browser',
  'settings.machine': 'This tab',
  'settings.memory': 'Memory, at most',
  'settings.disk': 'Free for this page',
} as const satisfies Partial<Translation<typeof english>>;
