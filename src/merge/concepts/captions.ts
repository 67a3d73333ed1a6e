/** @file Captions of everyday things, on which merged subjects shall change least. */

const things = [
  ...['dog', 'cat', 'horse', 'bird', 'fish', 'cow', 'sheep', 'elephant', 'bear', 'rabbit'],
  ...['man', 'woman', 'child', 'girl', 'boy', 'family', 'crowd', 'player', 'cook', 'farmer'],
  ...['car', 'bus', 'train', 'bicycle', 'boat', 'plane', 'truck', 'motorcycle', 'ship', 'tractor'],
  ...[
    'house',
    'church',
    'bridge',
    'tower',
    'castle',
    'street',
    'kitchen',
    'window',
    'door',
    'stair',
  ],
  ...[
    'mountain',
    'river',
    'forest',
    'beach',
    'lake',
    'garden',
    'desert',
    'island',
    'field',
    'cliff',
  ],
  ...['table', 'chair', 'lamp', 'clock', 'cup', 'bottle', 'bowl', 'vase', 'bed', 'book'],
  ...['apple', 'bread', 'cake', 'pizza', 'salad', 'soup', 'coffee', 'cheese', 'orange', 'banana'],
  ...['shirt', 'hat', 'shoe', 'coat', 'dress', 'bag', 'umbrella', 'ring', 'glove', 'scarf'],
  ...['guitar', 'piano', 'drum', 'camera', 'phone', 'computer', 'robot', 'kite', 'ball', 'toy'],
  ...['flower', 'tree', 'leaf', 'mushroom', 'rose', 'grass', 'cactus', 'palm', 'bush', 'vine'],
];

/** `{}` stands for the thing. */
const scenes = [
  'a {} seen from far away under a cloudy evening sky',
  'the old {} beside two people who are talking and laughing',
  'photo of a {} with strong colors and very soft light',
  'one small {} in front of a white wall in winter',
  'an oil painting of some {} by night, in blue and gold',
  'my {} is wet after the heavy rain of this morning',
  'closeup of the {} while somebody holds it with both hands',
  'a black and white picture with a {} near the sea',
];

/** A caption for every thing in every scene, all things in turn. */
export const everydayCaptions: readonly string[] = scenes.flatMap((scene) =>
  things.map((thing) => scene.replace('{}', thing)),
);
