/** @file `krona upscale`: pictures that there are, larger and with more detail. */
import type { Command } from 'commander';
import { upscale } from '../../generate/upscale/upscale.ts';
import { type UpscaleOptions, upscaleSchema } from '../../generate/upscale/upscale-options.ts';
import { fieldsOf } from '../flags/fields.ts';
import { addSettings, givenSettings, requireSettings } from '../flags/settings.ts';
import { addAction } from '../shell/action.ts';
import type { Terminal } from '../shell/terminal.ts';
import { showGeneration } from './generate.ts';

const fields = fieldsOf(upscaleSchema.omit({ pictures: true }));

const examples = `
Examples:
  krona upscale pictures/0001-seed0.png --run runs/dog --out large
  krona upscale old/*.png --base stable-diffusion-v1-5/stable-diffusion-v1-5:fp16 --prompt "a photo" --noise 0.3 --out large
  krona upscale small.jpg --base stabilityai/stable-diffusion-x4-upscaler --prompt "a white cat" --out large

A base that draws enlarges a picture and draws it again under part of the noise, with the adapters of a run if one is
given; a model that was made to enlarge, such as Stable Diffusion's x4 upscaler, does it by itself.
docs/upscaling.md says how much noise, and what is done where the memory does not hold it.
`;

/** Gives the command its options and its action. */
export function addUpscale(command: Command, terminal: Terminal): void {
  command
    .description('Enlarges pictures and draws them again, for more detail.')
    .argument('<picture...>', 'pictures to enlarge')
    .addHelpText('after', examples);
  addSettings(command, fields, 'How to enlarge them:');
  const stopping = 'stopping after this step ...';
  addAction(command, terminal, { json: 'events', stopping }, async (work, pictures: string[]) => {
    const settings = await givenSettings(command, fields);
    requireSettings(settings, fields, ['out']);
    const options = { ...settings, pictures } as UpscaleOptions;
    const written = await upscale(options, { ...work, listener: work.shown(showGeneration) });
    work.out({ text: `${written.pictures.join('\n')}\n` });
  });
}
