/** @file A held-out subject: one fixed look of a class, which no scene of training has. */
import type { Look } from '../looks/look.ts';

export interface Subject {
  /** The name of its folder: `teapot2`. */
  readonly name: string;
  readonly className: string;
  readonly look: Look;
}
