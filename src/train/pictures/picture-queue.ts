/** @file The order in which pictures are shown: epoch after epoch, each shuffled, in batches of one size. */
import { invariant } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { TorchGenerator } from '../../base/torch-random.ts';
import { type Shape, sameShape } from '../../tensor/tensor.ts';
import type { EncodedPicture } from './dataset.ts';

/** Pictures still to be shown, shuffled anew whenever they are used up. */
export class PictureQueue {
  readonly #pictures: readonly EncodedPicture[];
  readonly #generator: TorchGenerator;
  readonly #left: number[];

  constructor(
    pictures: readonly EncodedPicture[],
    generator: TorchGenerator,
    order: readonly number[] = [],
  ) {
    this.#pictures = pictures;
    this.#generator = generator;
    this.#left = [...order];
  }

  /** What is left, for a checkpoint. */
  get order(): readonly number[] {
    return [...this.#left];
  }

  /**
   * The next pictures, all of one size: the one given, else that of the first in line. Where too few are left, an epoch
   * of all pictures (of the size, where one is given) is shuffled in behind, so that each is shown equally often however
   * large the batch.
   */
  next(count: number, size?: Shape): EncodedPicture[] {
    const picked: EncodedPicture[] = [];
    while (picked.length < count) {
      const wanted = size ?? picked[0]?.mean.shape;
      const at = this.#left.findIndex((i) => hasSize(this.#pictures[i], wanted));
      if (at === -1) this.#shuffleIn(size);
      else picked.push(...this.#left.splice(at, 1).map((i) => required(this.#pictures, i)));
    }
    return picked;
  }

  /** Puts an epoch of the pictures of a size, or of all, at the end of the line. */
  #shuffleIn(size: Shape | undefined): void {
    const shown = this.#pictures.flatMap((picture, i) =>
      hasSize(picture, size) ? Array.from({ length: picture.repeats }, () => i) : [],
    );
    invariant(shown.length > 0, 'no picture of the size of the batch');
    for (const at of this.#generator.randperm(shown.length)) this.#left.push(required(shown, at));
  }
}

function hasSize(picture: EncodedPicture | undefined, size: Shape | undefined): boolean {
  return size === undefined || (picture !== undefined && sameShape(picture.mean.shape, size));
}
