/** @file The fields of training: those of the form, with the options of the chosen method in their place. */
import type { FormField, TrainPreview } from '../../../src/studio/interface/form-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import type { Option } from '../../parts/settings-form/setting-control.tsx';
import { type PlainWordKey, useWords } from '../../words/use-words.tsx';
import type { Draft } from './use-training-draft.ts';

interface TrainFields {
  readonly fields: readonly FormField[];
  readonly error: Error | null;
}

export function useFields({ settings }: Draft, preview: TrainPreview | undefined): TrainFields {
  const { data: form, error } = useLook('forms.get', { form: 'train' });
  const method = String(settings.adapter ?? preview?.values.adapter?.value ?? 'krona');
  const fields = (form?.fields ?? []).flatMap((field) =>
    field.key === 'adapterOptions' ? optionsOf(form?.methods[method] ?? []) : [field],
  );
  return { fields, error };
}

function optionsOf(fields: readonly FormField[]): readonly FormField[] {
  return fields.map((field) => ({ ...field, key: `adapterOptions.${field.key}` }));
}

const methods: Readonly<Record<string, PlainWordKey>> = {
  krona: 'train.method.krona',
  lora: 'train.method.lora',
  lokr: 'train.method.lokr',
  loha: 'train.method.loha',
  oft: 'train.method.oft',
  svdiff: 'train.method.svdiff',
  'textual-inversion': 'train.method.textual-inversion',
  'custom-diffusion': 'train.method.custom-diffusion',
  dreambooth: 'train.method.dreambooth',
  'blip-diffusion': 'train.method.blip-diffusion',
};

/** Settings that are one of what there is, which no schema lists. */
export function useChoices(): Readonly<Record<string, readonly Option[]>> {
  const { t } = useWords();
  const { data: form } = useLook('forms.get', { form: 'train' });
  const { data: bases = [] } = useLook('bases.list', {});
  const names = Object.keys(form?.methods ?? {});
  return {
    base: bases.map(({ name, title }) => ({ value: name, label: title })),
    adapter: names.map((name) => {
      const words = methods[name];
      return { value: name, label: words === undefined ? name : t(words) };
    }),
  };
}
