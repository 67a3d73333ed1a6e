/** @file Words that are needed where Studio works in the tab alone: its beginning, what keeps it from that, and its storage. */
import type { Words } from '../../word-types.ts';

export const tab = {
  'tab.beginning': 'Studio begins, in this tab…',
  'tab.beginning-hint': 'The first time it loads a few megabytes; after that it needs no network.',
  'tab.no-service': 'This page cannot work here',
  'tab.no-service-why':
    'It needs a service worker, which browsers give only to pages that were opened by https, and often not in private windows. Open it with https in an ordinary window.',
  'tab.not-installed': 'This page could not be loaded whole',
  'tab.not-installed-why':
    'Its host does not send what belongs to it: it may be out of order, or be getting a newer version. Load the page again in a while.',
  'tab.no-storage': 'This page may keep no files',
  'tab.no-storage-why':
    'Pictures and trainings lie in the storage of the browser, and this window has none: private windows are often so, and so are browsers that refuse site data. Open the page in an ordinary window, or allow it to keep data.',
  'tab.failed': 'Studio could not begin',
  'tab.failed-why':
    'What was kept is still there. Close other tabs of this page, and load it again. If that does not help, removing everything begins anew.',
  'tab.ended':
    'Studio ended in this tab, perhaps for want of memory. What was kept is still there, and trainings go on from their last checkpoint.',
  'tab.remove': 'Remove everything',
  'tab.remove-sure':
    'All pictures, trainings, adapters and models in this browser are deleted. This cannot be undone; download first what you want to keep.',
  'tab.not-removed': 'Not everything could be removed',
  'tab.not-removed-why':
    'Another tab of this page still works with it. Close the other tabs, load this one again, and remove everything once more.',
  'tab.lost': 'The browser has removed files of this page',
  'tab.lost-why':
    'Browsers do so where room gets short. This is gone; everything else is still here.',
  'tab.lost-all': 'The browser has removed everything of this page',
  'tab.lost-all-why':
    'Browsers do so where room gets short, or when site data is cleared. Pictures, trainings and adapters that were here are gone; files that you downloaded are yours.',
  'tab.lost.runs': 'Training “{name}”',
  'tab.lost.runs-then':
    'Some of its files. Go on with it where that is offered; otherwise train it again.',
  'tab.lost.datasets': 'Pictures “{name}”',
  'tab.lost.datasets-then': 'Add them again from the files that they came from.',
  'tab.lost.adapters': 'Adapter “{name}”',
  'tab.lost.adapters-then': 'Add it again where you downloaded it; otherwise make it again.',
  'tab.lost.models': 'Model “{name}”',
  'tab.lost.models-then': 'Add it again from the file that it came from.',
  'tab.lost.sweeps': 'Experiment “{name}”',
  'tab.lost.sweeps-then': 'Start it again: what is still here is not done twice.',
  'tab.lost.pictures': {
    one: 'A file of the gallery',
    other: '{n} files of the gallery',
  },
  'tab.lost.pictures-then': 'Draw again; the same seed gives the same picture.',
  'tab.lost.others': { one: 'A file for work', other: '{n} files for work' },
  'tab.lost.others-then':
    'They are made or downloaded again when they are needed: models of the hub, thumbnails, comparisons.',
  'tab.lost-next':
    'Download what you want to keep. Settings can ask the browser not to remove anything.',
  'tab.lost-read': 'Open Studio',
  'tab.not-kept':
    'When room gets short the browser may remove what is made here. Download the adapters that you want to keep.',
  'tab.storage': 'What this browser keeps',
  'tab.used': 'Kept for this page',
  'tab.short': 'When room gets short',
  'tab.short-stays': 'it stays',
  'tab.short-goes': 'the browser may remove it',
  'tab.ask': 'Ask the browser to keep it',
  'tab.asked-in-vain':
    'The browser promises nothing yet; some do so for pages that one uses often, or has bookmarked. Download the adapters that you want to keep.',
} as const satisfies Words;
