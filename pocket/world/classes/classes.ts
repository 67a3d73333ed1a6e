/** @file All classes of the world. */
import { named } from '../named.ts';
import { duck, penguin } from './live/birds.ts';
import { bear, fox, owl } from './live/forest.ts';
import { elephant, whale } from './live/large.ts';
import { cat, dog, rabbit } from './live/pets.ts';
import { fish, octopus } from './live/sea.ts';
import { butterfly, frog, snail, turtle } from './live/small.ts';
import { alarmClock, cactus, lamp, mushroom } from './objects/household.ts';
import { cup, teapot, vase } from './objects/kitchen.ts';
import { guitar, robot, teddyBear } from './objects/toys.ts';
import { boat, car, rocket } from './objects/vehicles.ts';
import { backpack, sneaker, umbrella } from './objects/wear.ts';
import type { WorldClass } from './world-class.ts';

/** Sixteen live ones, then sixteen objects. */
export const classes: readonly WorldClass[] = [
  ...[cat, dog, rabbit, bear, fox, owl, penguin, duck],
  ...[elephant, whale, fish, octopus, frog, turtle, butterfly, snail],
  ...[teapot, cup, vase, backpack, sneaker, umbrella, robot, teddyBear],
  ...[guitar, alarmClock, lamp, cactus, mushroom, car, rocket, boat],
];

/** The class of a word that is one. */
export const classNamed = (name: string): WorldClass => named(classes, name, 'class');
