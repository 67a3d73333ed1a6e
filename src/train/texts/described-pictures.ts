/** @file What the pictures of a run are encoded with: the texts of each, and the form that all of these have. */
import { required } from '../../base/required.ts';
import { withSubject } from '../../base/subject-template.ts';
import { withNewTokens } from '../../pipeline/text/new-tokens.ts';
import { tokenize } from '../../pipeline/text/tokenized-prompt.ts';
import type { Described, LoadedPictures } from '../pictures/dataset.ts';
import type { Pictures } from '../pictures/run-pictures.ts';
import { settingPlace } from '../settings/concept-settings.ts';
import type { TrainConfig } from '../train-options.ts';
import type { TrainPlan } from '../training-plan.ts';
import { pictureTexts } from './picture-texts.ts';
import { formOf, type TextForm } from './text-form.ts';

export interface DescribedPictures {
  readonly subject: Described;
  readonly prior: Described | undefined;
}

/**
 * The form of a run's texts, before anything of it is written.
 *
 * @throws ConfigError as tokenize, naming the picture
 */
export function textFormOf(plan: TrainPlan, pictures: Omit<Pictures, 'heldOut'>): TextForm {
  const { base, config, placed, concepts } = plan;
  const known = withNewTokens(base, [{ placed }]);
  const { promptSyntax: syntax } = config;
  const { subject, prior } = describe(plan, pictures);
  const texts = [subject, ...(prior === undefined ? [] : [prior])].flatMap((each) =>
    each.pictures.flatMap(({ name, captions, concept }, i) => {
      const where =
        captions.length === 0 ? `${settingPlace(concept)}prompt` : `the caption of ${name}`;
      const prompts = required(each.prompts, i);
      return prompts.map((prompt) => tokenize(known, prompt, { syntax, where }));
    }),
  );
  const drawn = concepts.flatMap(({ prompt, className, priorCount }, i) => {
    if (priorCount === undefined) return [];
    const where = `${settingPlace(i)}prompt`;
    return [tokenize(known, withSubject(prompt, className), { syntax, where })];
  });
  return formOf([...texts, ...drawn]);
}

/** A picture's prompts are its captions, or else its subject's prompt, with the subject or its class filled in. */
export function describe(
  { config, concepts }: Pick<TrainPlan, 'config' | 'concepts'>,
  { subject, prior }: Omit<Pictures, 'heldOut'>,
): DescribedPictures {
  const describedBy = (
    name: 'phrase' | 'className',
    { pictures }: LoadedPictures,
    { shuffleTags }: Pick<TrainConfig, 'shuffleTags'>,
  ) => {
    const own = pictures.map(({ concept }) => required(concepts, concept));
    const captions = pictures.map((picture, i) =>
      picture.captions.length === 0 ? [required(own, i).prompt] : picture.captions,
    );
    const texts = pictureTexts(captions, { ...config, shuffleTags });
    const prompts = texts.map((each, i) =>
      each.map((text) => withSubject(text, required(own, i)[name])),
    );
    return { pictures, prompts };
  };
  return {
    subject: {
      ...describedBy('phrase', subject, config),
      mayBeEmpty: config.captionDropout > 0,
    },
    prior: prior && {
      ...describedBy('className', prior, { shuffleTags: undefined }),
      mayBeEmpty: false,
    },
  };
}
