/** @file Prompts that have nothing to do with a subject, to see what an adapter breaks. */

/** What the bundled model draws well, each of another class. */
const pocket = [
  { className: 'rabbit', prompt: 'a photo of a rabbit on the beach' },
  { className: 'car', prompt: 'a red car in the snow' },
  { className: 'turtle', prompt: 'a turtle in the jungle' },
  { className: 'rocket', prompt: 'a rocket under a starry night sky' },
  { className: 'cactus', prompt: 'a cactus on a white background' },
  { className: 'duck', prompt: 'a duck with a mountain in the background' },
  { className: 'boat', prompt: 'a boat floating on top of water' },
  { className: 'fox', prompt: 'a fox on green grass' },
  { className: 'whale', prompt: 'a photo of a whale on a blue background' },
];

/** Subjects of photographs: places, things, animals and people. */
const photographs = [
  { className: 'lake', prompt: 'a photo of a mountain lake at sunrise' },
  { className: 'street', prompt: 'a rainy street at night' },
  { className: 'fruit', prompt: 'a bowl of fruit on a wooden table' },
  { className: 'castle', prompt: 'an oil painting of a castle' },
  { className: 'bicycle', prompt: 'a red bicycle leaning on a white wall' },
  { className: 'horse', prompt: 'a horse galloping through a field' },
  { className: 'woman', prompt: 'a portrait of an old woman' },
  { className: 'bridge', prompt: 'a bridge over a river in autumn' },
  { className: 'pizza', prompt: 'a pizza on a plate' },
];

const longest = 8;

/** Eight prompts, or fewer, without the classes of subjects. */
export function unrelatedPrompts(classes: readonly string[], isPocket: boolean): readonly string[] {
  return (isPocket ? pocket : photographs)
    .filter((each) => !classes.includes(each.className))
    .slice(0, longest)
    .map(({ prompt }) => prompt);
}
