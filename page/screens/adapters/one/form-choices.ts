/** @file In which forms an adapter can go into a format: those that lose nothing first. */
import type {
  AdapterDetail,
  ConvertSettings,
  ConvertTarget,
} from '../../../../src/studio/interface/adapter-operations.ts';

/** A KronA is exactly a LoRA of some rank; anything is near to a LoRA of a rank, and to a KronA. */
export type FormChoice = 'as it is' | 'exact lora' | 'lora' | 'krona' | 'diff';

export function formChoices(
  { found, method }: Pick<AdapterDetail, 'found' | 'method'>,
  { name, forms, isExact }: Pick<ConvertTarget, 'name' | 'forms' | 'isExact'>,
): readonly FormChoice[] {
  const methods = found?.adapters.map((each) => each.method) ?? [method];
  const isKronecker = methods.every((each) => each === 'krona');
  const near = forms.flatMap((form): readonly FormChoice[] => {
    // Our own file of a KronA is that adapter; where its rows lie otherwise, only another KronA is near.
    if (form === 'krona') return isKronecker && name !== 'official' ? [] : ['krona'];
    if (form === 'diff') return name === 'kohya' ? ['diff'] : [];
    return isKronecker ? ['exact lora', 'lora'] : ['lora'];
  });
  if (name === 'krona' && isKronecker) return ['as it is'];
  return isExact === false ? near : ['as it is', ...near];
}

/** Sizes that a form may need. */
export interface FormSizes {
  readonly rank: number;
  readonly a1: number;
  readonly a2: number;
}

/** Those of the adapter, or the usual ones. */
export function ownSizes({ found }: Pick<AdapterDetail, 'found'>): FormSizes {
  const options = found?.adapters[0]?.options ?? {};
  const of = (key: string, usual: number) => {
    const value = options[key];
    return typeof value === 'number' ? value : usual;
  };
  return { rank: of('rank', 8), a1: of('a1', 4), a2: of('a2', 64) };
}

/** As settings say it. */
export function formOf(
  choice: FormChoice,
  { rank, a1, a2 }: FormSizes,
): NonNullable<ConvertSettings['form']> | undefined {
  if (choice === 'as it is') return undefined;
  if (choice === 'diff') return { as: 'diff' };
  if (choice === 'krona') return { as: 'krona', a1, a2 };
  return choice === 'lora' ? { as: 'lora', rank } : { as: 'lora' };
}
