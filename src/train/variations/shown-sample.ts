/** @file How a picture is shown this time: one of its views, with one of its texts or with none. */
import { invariant } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { TorchGenerator } from '../../base/torch-random.ts';
import type { Concept, EncodedPicture, EncodedView, Text } from '../pictures/dataset.ts';

export interface ShownSample {
  readonly view: EncodedView;
  readonly text: Text;
}

/**
 * Draws, in this order: the view, whether the text is left out, which text. Where there is one alone nothing is drawn, so
 * that a run without variations has the random numbers that it always had.
 *
 * @param captionDropout share of samples without text, where the concept has the empty text
 */
export function shownSample(
  { texts, emptyText }: Concept,
  picture: EncodedPicture,
  { captionDropout, generator }: { captionDropout: number; generator: TorchGenerator },
): ShownSample {
  const view = oneOf<EncodedView>([picture, ...(picture.others ?? [])], generator);
  const isLeftOut = emptyText !== undefined && required(generator.rand(1), 0) < captionDropout;
  const at = isLeftOut
    ? emptyText
    : oneOf([picture.text, ...(picture.otherTexts ?? [])], generator);
  const text = texts[at];
  invariant(text !== undefined, 'a picture without its text');
  return { view, text };
}

function oneOf<Item>(items: readonly Item[], generator: TorchGenerator): Item {
  if (items.length === 1) return required(items, 0);
  return required(items, required(generator.randint(0, items.length, 1), 0));
}
