/** @file What there is to know of pictures, in words. */
import type {
  DatasetWarning,
  DatasetWarningKind,
} from '../../../src/studio/interface/dataset-operations.ts';
import type { Translate, UsedWords } from '../../words/use-words.tsx';

const shortKeys = {
  'too small': 'pictures.short.small',
  blurred: 'pictures.short.blurred',
  'near duplicates': 'pictures.short.duplicate',
  'ratio cut': 'pictures.short.cut',
} as const;

/** Beside a picture: what is about it, and not about the set. */
export function shortWarnings(
  t: Translate,
  warnings: readonly DatasetWarning[],
): readonly string[] {
  return warnings.flatMap(({ kind }) => (kind in shortKeys ? [t(shortKeys[kind as never])] : []));
}

const keys = {
  'too small': 'pictures.warn.small',
  blurred: 'pictures.warn.blurred',
  'near duplicates': 'pictures.warn.duplicates',
  'ratio cut': 'pictures.warn.cut',
  'same background': 'pictures.warn.background',
  'missing captions': 'pictures.warn.captions',
  'few pictures': 'pictures.warn.few',
} as const satisfies Readonly<Record<Exclude<DatasetWarningKind, 'unreadable'>, string>>;

const mostNamed = 3;

export function warningText({ t, formats, saidOf }: UsedWords, warning: DatasetWarning): string {
  const { kind, names, message, failure } = warning;
  // Why a file cannot be read only who tried knows.
  if (kind === 'unreadable') {
    const said = failure && saidOf(failure);
    if (said === undefined) return message;
    return names.length === 0 ? said : `${formats.list(names)}: ${said}`;
  }
  const more = names.length - mostNamed;
  const named = names.slice(0, mostNamed);
  const list = formats.list(more > 0 ? [...named, t('pictures.more-names', { n: more })] : named);
  return t(keys[kind], { n: names.length, names: list });
}
