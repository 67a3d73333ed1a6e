/** @file The flags that say what form a change of weights is brought into: --as, with --rank or --a1, --a2 and --layout. */
import type { Command, Option } from 'commander';
import type { KroneckerLayout } from '../../adapters/algebra/kronecker.ts';
import { adapters } from '../../adapters/index.ts';
import { ConfigError } from '../../base/errors.ts';
import type { WantedForm } from '../../convert/adapter-in-form.ts';
import { kronaForm } from '../../convert/forms.ts';
import { fieldsOf } from './fields.ts';
import { addFlags, readFlags } from './flags.ts';

const group = 'What form:';
const rankFields = fieldsOf(adapters.lora.schema.pick({ rank: true })).map((field) => ({
  ...field,
  description: 'of a LoRA',
  json: { ...field.json, default: undefined },
}));
const sizeFields = fieldsOf(
  adapters.krona.schema.pick({ a1: true, a2: true, terms: true, layout: true }),
);

/** Adds the flags. */
export function addFormFlags(command: Command, as: Option): void {
  command.addOption(as.helpGroup(group));
  addFlags(command, rankFields, group);
  addFlags(command, sizeFields, group);
}

/**
 * The form that was asked for; undefined where none was.
 *
 * @param layout where none is given
 * @throws ConfigError FLAG_VALUE, OPTION_OF_OTHER_FORM
 */
export function readForm(
  command: Command,
  { layout }: { readonly layout: KroneckerLayout },
): WantedForm | undefined {
  const { as } = command.opts<{ readonly as?: WantedForm['as'] }>();
  const { rank } = readFlags(rankFields, command);
  const factors = readFlags(sizeFields, command);
  if (rank !== undefined && as !== 'lora') throw stray('--rank', 'lora');
  const [key] = Object.keys(factors);
  if (key !== undefined && as !== 'krona') throw stray(`--${key}`, 'krona');
  switch (as) {
    case undefined:
      return undefined;
    case 'diff':
      return { as };
    case 'lora':
      return { as, ...(typeof rank === 'number' ? { rank } : {}) };
    case 'krona':
      return kronaForm(factors, layout);
    default:
      return as satisfies never;
  }
}

function stray(flag: string, form: string): ConfigError {
  return new ConfigError(
    'OPTION_OF_OTHER_FORM',
    `${flag} belongs to --as ${form}; add that, or leave ${flag} out`,
  );
}
