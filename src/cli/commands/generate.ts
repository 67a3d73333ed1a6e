/** @file `krona generate`: pictures of a prompt, with a trained adapter or without. */
import type { Command } from 'commander';
import type { Listener } from '../../base/listener.ts';
import { formatDuration, formatPosition } from '../../base/quantities.ts';
import { generate } from '../../generate/generate.ts';
import {
  type FolderOptions,
  type GenerateEvent,
  generateSchema,
} from '../../generate/generate-options.ts';
import type { DrawingProgress } from '../../pipeline/draw/text-to-image.ts';
import { fieldsOf } from '../flags/fields.ts';
import { addSettings, givenSettings, requireSettings } from '../flags/settings.ts';
import { addAction, type ShownEvent } from '../shell/action.ts';
import type { Progress } from '../shell/progress.ts';
import type { Terminal } from '../shell/terminal.ts';

const fields = fieldsOf(generateSchema);

const examples = `
Examples:
  krona generate --run runs/dog --prompt "a {subject} on the beach" --out pictures
  krona generate --run runs/dog --prompt "a {subject}" --prompt "a {subject} in the snow" --count 2 --out pictures
  krona generate --run runs/dog --prompts prompts.txt --out pictures     (a text file, one prompt a line)
  krona generate --run runs/dog --prompt "a {subject}" --count 9 --seed 100 --strength 0.8 --out pictures
  krona generate --adapter dog.safetensors --base stable-diffusion-v1-5/stable-diffusion-v1-5 --prompt "a sks dog" --out pictures
  krona generate --adapter dog.safetensors=0.8 --adapter "style.safetensors=0.6,attn2.*=0.3,from=0.2" \\
    --base stable-diffusion-v1-5/stable-diffusion-v1-5 --prompt "a sks dog" --out pictures     (two at once, the second later and weaker)
  krona generate --prompt "a teapot in the snow" --out pictures          (the bundled model, no adapter)
  krona generate --base stabilityai/stable-diffusion-xl-base-1.0:fp16 --prompt "a lighthouse" --out pictures \\
    --refiner stabilityai/stable-diffusion-xl-refiner-1.0:fp16 --refiner-start 0.8
  krona generate --run runs/dog --init-image dog.jpg --noise 0.5 --prompt "a {subject} in the snow" --out pictures
  krona generate --run runs/dog --init-image sofa.jpg --mask here.png --prompt "a {subject} on a sofa" --out pictures
  krona generate --base Salesforce/blipdiffusion --subject-picture dog.jpg --subject dog \\
    --prompt "a {subject} in the snow" --out pictures                    (a subject of pictures, without training)

Adapters of kohya, LyCORIS, diffusers, PEFT, the published DiffuseKronA and embeddings are told by their content; they
need a --base. --strength multiplies all of them.
A base model may recommend other defaults than those above; the bundled "pocket" does. Every picture holds its settings
(krona inspect shows them), and sheet.png shows all pictures together. In a folder that has pictures, new ones are
numbered on; nothing is replaced.
`;

/** Gives the command its options and its action. */
export function addGenerate(command: Command, terminal: Terminal): void {
  command
    .description('Makes pictures of a prompt, with a trained adapter or without.')
    .addHelpText('after', examples);
  addSettings(command, fields, 'What to show, and how:');
  const stopping = 'stopping after this step ...';
  addAction(command, terminal, { json: 'events', stopping }, async (work) => {
    const options = await generateOptions(command);
    const listener = work.shown(showGeneration);
    const { pictures, sheet } = await generate(options, { ...work, listener });
    work.out({ text: `${[...pictures, sheet].join('\n')}\n` });
  });
}

/** Every setting has been checked by its own schema when it was read. */
async function generateOptions(command: Command): Promise<FolderOptions> {
  const settings = await givenSettings(command, fields);
  const required = settings.prompts === undefined ? ['prompt', 'out'] : ['out'];
  requireSettings(settings, fields, required);
  return settings as FolderOptions;
}

/** `picture 2 of 4, step 34 of 100`; several computed together: `pictures 1 to 2 of 4, ...` */
function drawingPlace({ picture, together, pictures, step, steps }: DrawingProgress): string {
  const which =
    together === 1
      ? formatPosition('picture', picture, pictures)
      : `pictures ${formatPosition(`${picture} to`, picture + together - 1, pictures)}`;
  return `${which}, ${formatPosition('step', step, steps)}`;
}

/** Shows what is drawn. */
export function showGeneration(progress: Progress): Listener<ShownEvent<GenerateEvent>> {
  return (event) => {
    switch (event.type) {
      case 'preparing': {
        const { phase, done, total, secondsLeft } = event;
        const left = secondsLeft === undefined ? '' : `  ${formatDuration(secondsLeft)} left`;
        progress.status(`${phase}: ${formatPosition('weight', done, total)}${left}`);
        break;
      }
      case 'step': {
        const { done, total, seconds } = event;
        const left = (seconds / done) * (total - done);
        progress.status(`${drawingPlace(event)}  ${formatDuration(left)} left`);
        break;
      }
      case 'finished':
        progress.end();
        break;
      case 'started':
      case 'picture':
        break;
      default:
        event satisfies never;
    }
  };
}
