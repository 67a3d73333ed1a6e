/** @file How large a sweep may be, stated once: whoever plans one and whoever is handed a task of one refuse more. */

/** Variants on subjects with seeds: a month of half-minute trainings. */
export const mostCells = 100_000;
/** Combinations of what varies, with all cases. */
export const mostVariants = 10_000;
/** Pictures of a prompt, which are drawn together. */
export const mostPictures = 1000;
/** Prompts of a subject. */
export const mostPrompts = 10_000;
