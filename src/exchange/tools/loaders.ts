/** @file What loads an adapter file as it is: rules read in the sources of the programs, by names of modules and method. */
import { factorization } from '../../adapters/algebra/factorization.ts';
import { algorithmTitles, kohyaAlpha, type WrittenModule } from '../methods/written-module.ts';
import type { NameStyle } from '../names/module-names.ts';
import { channelsOf, type FirstFactor, peftFactorOf } from './peft-factors.ts';

/** Readers that take both factors of a LoKr as they stand in a file under kohya's names, whatever their sizes. */
export const tensorReaders = ['ComfyUI', 'A1111', 'stable-diffusion.cpp'] as const;

type Algorithm = WrittenModule['algorithm'];

/** A program that loads adapters. */
interface Program {
  readonly name: string;
  /** How it knows modules to be named. */
  readonly styles: readonly NameStyle[];
  readonly algorithms: readonly Algorithm[];
  /** What else it has against modules of such names and methods. */
  readonly unless?: (modules: readonly WrittenModule[], style: NameStyle) => string | undefined;
}

const kohyaStyles: readonly NameStyle[] = ['kohya', 'kohya-sgm'];
const lycorisMethods: readonly Algorithm[] = ['lora', 'lokr', 'loha', 'full', 'diag-oft', 'boft'];

const programs: readonly Program[] = [
  {
    name: 'ComfyUI',
    styles: [...kohyaStyles, 'lycoris', 'comfyui', 'processor'],
    algorithms: [...lycorisMethods, 'glora'],
    unless: (modules) =>
      modules.some(hasRowMagnitudes)
        ? 'it divides the magnitudes of DoRA by the norms of the frozen weight, not of the changed one'
        : modules.some(isScaledOft)
          ? 'it leaves out the scale of the outputs of OFT'
          : undefined,
  },
  {
    name: 'A1111',
    styles: kohyaStyles,
    algorithms: [...lycorisMethods, 'ia3'],
    unless: (modules) =>
      modules.some(({ algorithm, site }) => algorithm === 'ia3' && site.kernel !== undefined)
        ? 'it has (IA)³ of linear layers alone'
        : undefined,
  },
  {
    name: 'stable-diffusion.cpp',
    styles: kohyaStyles,
    algorithms: ['lora', 'lokr', 'loha', 'full'],
    unless: (modules) =>
      modules.some(({ ranked }) => ranked?.rank === 1 && ranked.alpha !== 1)
        ? 'it takes 1 for the scale of rank 1'
        : undefined,
  },
  {
    name: 'diffusers',
    styles: [...kohyaStyles, 'diffusers', 'processor'],
    algorithms: ['lora'],
    unless: (modules, style) =>
      kohyaStyles.includes(style) ? kohyaInDiffusers(modules) : undefined,
  },
  {
    name: 'PEFT',
    styles: ['peft'],
    algorithms: ['lora', 'lokr', 'loha', 'oft', 'peft-boft', 'ia3'],
    unless: (modules) =>
      lokrRebuilders(factorsOf(modules)).peft ? undefined : 'it rebuilds other sizes of factors',
  },
  {
    name: 'LyCORIS',
    styles: [...kohyaStyles, 'lycoris'],
    algorithms: ['lora', 'lokr', 'loha', 'diag-oft', 'boft', 'glora', 'ia3'],
    unless: (modules) =>
      modules.some(({ algorithm }) => algorithm === 'ia3')
        ? 'it writes (IA)³ and cannot rebuild it from a file'
        : lokrRebuilders(factorsOf(modules)).lycoris
          ? undefined
          : 'it rebuilds other sizes of factors',
  },
];

/** Those of columns it divides by the norms of the changed weight. */
function hasRowMagnitudes({ tensors, magnitudeSide }: WrittenModule): boolean {
  return tensors.magnitude !== undefined && magnitudeSide !== 'input';
}

function isScaledOft({ algorithm, tensors: { rescale } }: WrittenModule): boolean {
  return algorithm === 'diag-oft' && (rescale?.data.some((scale) => scale !== 1) ?? false);
}

function hasMagnitudes(modules: readonly WrittenModule[]): boolean {
  return modules.some(({ tensors }) => tensors.magnitude !== undefined);
}

/** What diffusers loses of kohya's LoRA; its own format keeps both. */
function kohyaInDiffusers(modules: readonly WrittenModule[]): string | undefined {
  if (hasMagnitudes(modules)) return 'it leaves the magnitudes of DoRA out of such files';
  const alphas = modules.map(({ ranked }) => ranked && kohyaAlpha(ranked));
  return new Set(alphas).size > 1
    ? 'it takes the most frequent alpha for all attention, here alphas differ'
    : undefined;
}

/** Whether a program loads a file. */
export interface Loading {
  readonly program: string;
  /** Undefined where it loads. */
  readonly obstacle: string | undefined;
}

/** What loads modules that are named in one way, each program with what stands against it. */
export function loadersOf(modules: readonly WrittenModule[], style: NameStyle): readonly Loading[] {
  return programs.map((program) => ({
    program: program.name,
    obstacle: obstacleOf(program, modules, style),
  }));
}

function obstacleOf(
  { styles, algorithms, unless }: Program,
  modules: readonly WrittenModule[],
  style: NameStyle,
): string | undefined {
  if (!styles.includes(style)) return 'it knows other names of modules';
  const found = new Set(modules.map(({ algorithm }) => algorithm));
  if (found.has('published')) return 'it takes the factors for those of a LoRA, which do not fit';
  const foreign = [...found].find((algorithm) => !algorithms.includes(algorithm));
  if (foreign !== undefined) return `it has no ${algorithmTitles[foreign]}`;
  return unless?.(modules, style);
}

/** What loads a new word, which has a file of its own. */
export function wordLoaders(textEncoders: number): readonly Loading[] {
  const byHand = 'it takes the words of one text encoder a file: load both by hand';
  return [
    { program: 'ComfyUI', obstacle: undefined },
    { program: 'A1111', obstacle: undefined },
    { program: 'diffusers', obstacle: textEncoders > 1 ? byHand : undefined },
  ];
}

/** PEFT and LyCORIS keep one number, from which each derives the sizes of both factors again in its own way. */
export function lokrRebuilders(factors: readonly FirstFactor[]): {
  readonly peft: boolean;
  readonly lycoris: boolean;
} {
  // LyCORIS puts the smaller factor first, so the number may be the second.
  const candidates = new Set([
    -1,
    ...factors.flatMap(({ site, size: [rows, columns] }) => [
      ...[rows, columns, site.out / rows, channelsOf(site) / columns],
    ]),
  ]);
  const lycoris = [...candidates].some((factor) =>
    factors.every(
      ({ site, size: [rows, columns] }) =>
        factorization(site.out, factor)[0] === rows &&
        factorization(channelsOf(site), factor)[0] === columns,
    ),
  );
  return { peft: peftFactorOf(factors) !== undefined, lycoris };
}

/** The first factors of the Kronecker products among the modules. */
function factorsOf(modules: readonly WrittenModule[]): readonly FirstFactor[] {
  return modules.flatMap(({ site, algorithm, tensors }) => {
    const { lokr_w1, lokr_w1_a, lokr_w1_b } = tensors;
    const rows = (lokr_w1 ?? lokr_w1_a)?.shape[0];
    const columns = (lokr_w1 ?? lokr_w1_b)?.shape[1];
    const isProduct = algorithm === 'lokr' && rows !== undefined && columns !== undefined;
    return isProduct ? [{ site, size: [rows, columns] as const }] : [];
  });
}
