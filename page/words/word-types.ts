/** @file What words are: a text, or one for each plural form of `{n}`; `{name}` stands for a value. */

export type PluralWords = { readonly one: string; readonly other: string };
export type Words = Readonly<Record<string, string | PluralWords>>;

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** Names of the values that a text needs. */
export type ValueNames<Text> = Text extends PluralWords
  ? 'n' | NamesIn<Text['one']> | NamesIn<Text['other']>
  : NamesIn<Text>;

export type WordValue = string | number;

/** Words of another language for the same keys, with the same kinds. */
export type Translation<Source extends Words> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : PluralWords;
};
