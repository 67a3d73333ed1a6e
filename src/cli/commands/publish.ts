/** @file `krona publish`: the adapter of a run on the hub, with a model card and pictures. */
import { type Command, Option } from 'commander';
import { formatBytes, formatPlural } from '../../base/quantities.ts';
import { type Published, type PublishOptions, publishRun } from '../../publish/publish.ts';
import type { UploadEvent } from '../../publish/upload.ts';
import { addAction, type Work } from '../shell/action.ts';
import type { Progress } from '../shell/progress.ts';
import type { Terminal } from '../shell/terminal.ts';

const examples = `
Examples:
  krona publish runs/dog --out dog-card                      a folder to look at; nothing is uploaded
  krona publish runs/dog --to me/my-dog                      private, until you make it public on the hub
  krona publish runs/dog --to me/my-dog --public --pictures runs/dog/pictures
  krona publish runs/dog --to me/my-dog --update             after more training

The repository gets README.md (base, trigger words, settings, what krona evaluate measured), the adapter, the same as
pytorch_lora_weights.safetensors where it is a LoRA without loss (lora, krona), and pictures without the settings in their
files. Paths of this machine are in none of them. The token that may write is that of HF_TOKEN, HF_TOKEN_PATH or the file
in HF_HOME. Stopped? Nothing is in the repository yet, and the same command goes on.
`;

/** Gives the command its options and its action. */
export function addPublish(command: Command, terminal: Terminal): void {
  command
    .description(
      'Puts the adapter of a finished run on the Hugging Face hub, with a model card and pictures.',
    )
    .argument('<run>', 'run folder whose training has finished')
    .addHelpText('after', examples)
    .option('--to <repository>', 'owner/name on the hub')
    .option('--out <dir>', 'new folder that gets the files instead: nothing is uploaded')
    .option(
      '--pictures <dir>',
      'folder with drawn pictures (default: the last previews of the run)',
    )
    .addOption(
      new Option('--public', 'everybody sees the repository, where it is made (default: private)'),
    )
    .addOption(
      new Option(
        '--update',
        'replace files of a repository that is there already, and remove those of an earlier upload',
      ),
    )
    .option('--license <name>', "as the hub calls it (default: that of the base's family)");
  const stopping = 'stopping; nothing is in the repository yet ...';
  addAction(command, terminal, { json: 'result', stopping }, async (work, run: string) => {
    await publish({ ...command.opts<Omit<PublishOptions, 'run'>>(), run }, work);
  });
}

async function publish(options: PublishOptions, work: Work): Promise<void> {
  const made = await publishRun(options, { ...work, listener: work.shown(showUpload) });
  work.out({ text: textOf(made, options), value: { ...made, to: options.to, out: options.out } });
}

function showUpload(progress: Progress) {
  return ({ file, progress: share }: UploadEvent): void =>
    progress.status(`uploading ${file}: ${Math.round(100 * share)} %`);
}

function textOf({ files, bytes, uploaded, paths }: Published, { out }: PublishOptions): string {
  const what = `${formatPlural(files.length, 'file')}, ${formatBytes(bytes)}`;
  if (uploaded === undefined)
    return `${paths.join('\n')}\n${what} in ${out}; nothing was uploaded\n`;
  return uploaded.commit === undefined
    ? `${uploaded.url}: all files are there already\n`
    : `${uploaded.url}: ${what}\n`;
}
