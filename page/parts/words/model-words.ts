/** @file What people call a model: settings may name it by its place, of which its own name tells enough. */

export function modelName(base: string): string {
  const isPlace = /^([/\\]|[a-z]:)/i.test(base);
  return isPlace ? (base.split(/[/\\]/).at(-1) ?? base) : base;
}
