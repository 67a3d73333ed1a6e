/** @file What other tools call the modules of a base: tables over its sites, because flattened names cannot be undone. */
import { nearest } from '../../base/nearest.ts';
import { required } from '../../base/required.ts';
import { ldmUNetName, type UNetLevels } from '../../models/single-file/unet-names.ts';
import type { Site } from '../../nn/index.ts';

/** A module of the base. */
interface Module {
  /** The part of the pipeline: `unet`, `text_encoder`, `text_encoder_2`. */
  readonly part: string;
  /** Path in the part. */
  readonly path: string;
  /** Path in the original code, of a UNet's module. */
  readonly original: string | undefined;
  /** Whether the base has several text encoders. */
  readonly numbered: boolean;
}

/** Ways to name a module, each with all spellings there are, the usual one first. */
const spellings = {
  /** sd-scripts: everything flattened, the UNet's blocks as diffusers names them. */
  kohya: ({ part, path, numbered }) => kohyaPrefixes(part, numbered).map((p) => p + flat(path)),
  /** sd-scripts for SDXL: the blocks as the original code names them. */
  'kohya-sgm': ({ original }) => some(original, (name) => `lora_unet_${flat(name)}`),
  lycoris: ({ path }) => [`lycoris_${flat(path)}`],
  diffusers: ({ part, path }) => loadedPaths(path).map((each) => `${part}.${each}`),
  /** diffusers until 0.21, whose attention processors held the adapters. */
  processor: ({ part, path }) =>
    part === 'unet' && /\.attn\d\.to_/.test(path)
      ? ['unet.', ''].map((start) => start + processorPath(path))
      : [],
  comfyui: ({ original }) => some(original, (name) => `diffusion_model.${name}`),
  peft: ({ part, path }) =>
    ['', `${part}.`].flatMap((start) =>
      loadedPaths(path).map((each) => `base_model.model.${start}${each}`),
    ),
  bare: ({ path }) => [path],
} as const satisfies Record<string, (module: Module) => readonly string[]>;

/** A way to name a module. */
export type NameStyle = keyof typeof spellings;

/** What a name may stand for. */
export interface NamedModule {
  /** `unet.down_blocks.0.…to_q`: the site's name, or that of the module that holds its vectors. */
  readonly module: string;
  readonly style: NameStyle;
}

/** The modules of a base under all names. */
export class ModuleNames {
  readonly #modules = new Map<string, Module>();
  readonly #byName = new Map<string, NamedModule[]>();
  readonly #sites: ReadonlyMap<string, Site>;

  constructor(sites: readonly Site[]) {
    this.#sites = new Map(sites.map((site) => [site.name, site]));
    const levels = unetLevels(sites);
    const numbered = sites.some(({ name }) => name.startsWith('text_encoder_2.'));
    const styles = Object.keys(spellings) as NameStyle[];
    for (const name of new Set(sites.map(moduleOf))) {
      const dot = name.indexOf('.');
      const [part, path] = [name.slice(0, dot), name.slice(dot + 1)];
      const original = part === 'unet' ? ldmUNetName(levels, path) : undefined;
      const module = { part, path, original, numbered };
      this.#modules.set(name, module);
      for (const style of styles) {
        for (const spelling of spellings[style](module)) {
          const known = this.#byName.get(spelling) ?? [];
          this.#byName.set(spelling, [...known, { module: name, style }]);
        }
      }
    }
  }

  /** What a name stands for; several where text encoders share names that do not say which. */
  find(name: string): readonly NamedModule[] {
    return this.#byName.get(name) ?? [];
  }

  /** The site of a module, or of a vector in it. */
  site(module: string, vector?: 'weight' | 'bias'): Site | undefined {
    return this.#sites.get(vector === undefined ? module : `${module}.${vector}`);
  }

  /** How a tool writes a module of the base; undefined where it has no name for it. */
  spell(module: string, style: NameStyle): string | undefined {
    const known = this.#modules.get(module);
    return known && spellings[style](known)[0];
  }

  /** The nearest name there is, spelled in the style of its prefix. */
  nearest(name: string): string | undefined {
    const prefix = /^(lora_\w+?_|lycoris_|\w+\.)/.exec(name)?.[0] ?? '';
    return nearest(
      name,
      [...this.#byName.keys()].filter((known) => known.startsWith(prefix)),
    );
  }
}

/** The module that a site is, or that holds it where it is a vector. */
export function moduleOf({ kind, name }: Site): string {
  return kind === 'vector' ? name.slice(0, name.lastIndexOf('.')) : name;
}

function flat(path: string): string {
  return path.replaceAll('.', '_');
}

function some(name: string | undefined, spell: (name: string) => string): readonly string[] {
  return name === undefined ? [] : [spell(name)];
}

/** SD 1.x and 2.x have `lora_te_`, as SDXL has two; diffusers writes `lora_te1_` for both. */
function kohyaPrefixes(part: string, numbered: boolean): readonly string[] {
  if (part === 'unet') return ['lora_unet_'];
  if (part === 'text_encoder_2') return ['lora_te2_'];
  return numbered ? ['lora_te1_', 'lora_te_'] : ['lora_te_', 'lora_te1_'];
}

/** A path as files have it, and as transformers from 5 on calls it once a text encoder is loaded. */
function loadedPaths(path: string): readonly string[] {
  const start = 'text_model.';
  return path.startsWith(start) ? [path, path.slice(start.length)] : [path];
}

function processorPath(path: string): string {
  return path.replace(/\.(to_\w+)(\.0)?$/, '.processor.$1');
}

/** The levels of the UNet that has these sites; how deep its transformers are decides no name. */
function unetLevels(sites: readonly Site[]): UNetLevels {
  const names = new Set(sites.map(({ name }) => name.split('.').slice(0, 5).join('.')));
  const blocks = (start: string): number[][] => {
    const found: number[][] = [];
    while (names.has(`unet.${start}.${found.length}.resnets.0`)) {
      const block = `unet.${start}.${found.length}`;
      const layers: number[] = [];
      while (names.has(`${block}.resnets.${layers.length}`)) {
        layers.push(names.has(`${block}.attentions.${layers.length}`) ? 1 : 0);
      }
      found.push(layers);
    }
    return found;
  };
  const up = blocks('up_blocks').toReversed();
  const down = blocks('down_blocks');
  if (up.length < down.length) return { levels: [] };
  return { levels: down.map((each, i) => ({ down: each, up: required(up, i) })) };
}
