/** @file `krona inspect`: what is this file or folder, is it sound, what can be done with it? */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { firstNames, formatPlural } from '../../../base/quantities.ts';
import { inspect } from '../../../inspect/inspect.ts';
import type {
  FileInspection,
  FolderInspection,
  Inspection,
  PicturesInspection,
} from '../../../inspect/inspection.ts';
import { addAction, type Work } from '../../shell/action.ts';
import { commandLine, trainingWords } from '../../shell/command-line.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { adapterFinding } from './adapter-text.ts';
import { type Finding, findingText, findingValue } from './finding.ts';
import { modelFileFinding, modelFolderFinding, modelPartFinding } from './model-text.ts';
import { pictureFinding } from './picture-text.ts';
import { runFinding } from './run-text.ts';
import { plainFinding, tensorsFinding } from './tensors-text.ts';

/** Names listed before the rest is counted. */
const mostShown = 8;

const examples = `
Examples:
  krona inspect runs/dog                        how far is it, how is the loss, how to go on
  krona inspect dog.safetensors                 method, base, words, size and health of each block, what loads it
  krona inspect models/my-sd                   parts, parameters, precision, prediction type
  krona inspect pictures/0001-seed0.png         the settings it was made with
  krona inspect downloaded.safetensors --json
`;

/** Gives the command its options and its action. */
export function addInspect(command: Command, terminal: Terminal): void {
  command
    .description(
      'Says what a file or folder is, whether it is sound, and what can be done with it.',
    )
    .argument('<path>', 'a run, a model folder, a .safetensors file, a picture, ...')
    .option('--base <base>', 'read an adapter for this base, where it fits none of the known ones')
    .addHelpText('after', examples);
  const act = async (work: Work, path: string, { base }: { readonly base?: string }) => {
    const found = await inspect({ path, base }, work);
    const finding = findingOf(found);
    await work.answer({ text: findingText(found, finding), value: findingValue(found, finding) });
  };
  addAction(command, terminal, { json: 'result' }, act);
}

/** What was found, in words. */
export function findingOf(found: Inspection): Finding {
  switch (found.kind) {
    case 'adapter':
      return adapterFinding(found);
    case 'broken adapter':
    case 'checkpoint':
      return plainFinding(found);
    case 'tensors':
    case 'unread adapter':
    case 'unusable model':
      return tensorsFinding(found);
    case 'model file':
      return modelFileFinding(found);
    case 'model folder':
      return modelFolderFinding(found);
    case 'model part':
      return modelPartFinding(found);
    case 'run':
      return runFinding(found);
    case 'picture':
      return pictureFinding(found);
    case 'pictures':
      return picturesFinding(found);
    case 'folder':
    case 'empty folder':
      return folderFinding(found);
    case 'json': {
      const { kind, keys } = found;
      const facts = [['keys', firstNames(keys, mostShown)]] as const;
      return { kind, title: 'a JSON file', facts, details: { keys } };
    }
    case 'file':
      return fileFinding(found);
    default:
      return found satisfies never;
  }
}

function picturesFinding({ kind, path, pictures, skipped }: PicturesInspection): Finding {
  const names = pictures.map((picture) => basename(picture));
  const more = skipped.length - mostShown;
  return {
    kind,
    title: `a folder with ${formatPlural(names.length, 'picture')}`,
    facts: [
      ['pictures', firstNames(names, mostShown)],
      ...skipped
        .slice(0, mostShown)
        .map(({ name, reason }) => ['skipped', `${name}: ${reason}`] as const),
      ...(more > 0 ? [['skipped', `${more} more`] as const] : []),
    ],
    details: { pictures, skipped },
    next: [`train on it: ${commandLine('train', ...trainingWords(path))}`],
  };
}

function folderFinding({ kind, names }: FolderInspection): Finding {
  const isEmpty = names.length === 0;
  return {
    kind,
    title: isEmpty ? 'an empty folder' : 'a folder of none of the kinds known here',
    facts: isEmpty ? [] : [['holds', firstNames(names, mostShown)]],
    details: { names },
  };
}

function fileFinding({ kind, looksLike, firstBytes }: FileInspection): Finding {
  const title = looksLike ?? 'a file of none of the kinds known here';
  const facts = [['first bytes', Buffer.from(firstBytes).toString('hex')]] as const;
  return { kind, title, facts, details: {} };
}
