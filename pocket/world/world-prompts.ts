/** @file The prompts of evaluations, each with what it says of the scene alone. */
import { type SaidScene, sceneWords } from './captions.ts';

export interface WorldPrompt {
  /** `{}` stands for the subject's words. */
  readonly text: string;
  /** What it asks for beside the subject, to draw the true picture of it. */
  readonly said: SaidScene;
  /** The same in words without the subject: `a beach`. */
  readonly scene: string;
}

const prompt = (text: string, said: SaidScene): WorldPrompt => ({
  text,
  said,
  scene: sceneWords(said),
});
const on = (background: string, text: string): WorldPrompt => prompt(text, { background });

const anywhere: readonly WorldPrompt[] = [
  on('jungle', 'a {} in the jungle'),
  on('snow', 'a {} in the snow'),
  on('beach', 'a {} on the beach'),
  on('grass', 'a {} on green grass'),
  on('fabric', 'a {} on top of pink fabric'),
  on('wood', 'a {} on top of a wooden floor'),
  on('city', 'a {} with a city in the background'),
  on('mountain', 'a {} with a mountain in the background'),
  on('brick', 'a {} in front of a brick wall'),
  on('night', 'a {} under a starry night sky'),
  on('water', 'a {} floating on top of water'),
  on('plain-red', 'a {} on a red background'),
  on('plain-blue', 'a {} on a blue background'),
  on('plain-white', 'a {} on a white background'),
  prompt('a pencil sketch of a {}', { style: 'pencil' }),
  prompt('pixel art of a {}', { style: 'pixel' }),
  prompt('a neon drawing of a {}', { style: 'neon' }),
  prompt('a black and white photo of a {}', { style: 'black-white' }),
];

export const worldPrompts: Readonly<Record<'object' | 'live', readonly WorldPrompt[]>> = {
  object: [
    ...anywhere,
    prompt('a purple {}', { colour: 'purple' }),
    prompt('a red {} on green grass', { colour: 'red', background: 'grass' }),
    on('eiffel', 'a {} with the Eiffel Tower in the background'),
    on('rug', 'a {} on top of a white rug'),
    on('stones', 'a {} on sand with stones nearby'),
    on('cobblestone', 'a {} on a cobblestone street'),
    prompt('a Van Gogh painting of a {}', { style: 'van-gogh' }),
  ],
  live: [
    ...anywhere,
    prompt('a photo of a {} on a yellow background', { background: 'plain-yellow' }),
    prompt('an old sepia photo of a {} in the city', { style: 'sepia', background: 'city' }),
    on('house', 'a {} with a blue house in the background'),
    prompt('a {} wearing sunglasses', { accessory: 'sunglasses' }),
    prompt('a {} wearing a red hat', { accessory: 'red-hat' }),
    prompt('a {} wearing a rainbow scarf', { accessory: 'scarf' }),
    prompt('a Van Gogh painting of a {}', { style: 'van-gogh' }),
  ],
};
