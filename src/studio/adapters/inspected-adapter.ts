/** @file An adapter file as its page shows it: what inspecting finds, by block, and what it can become. */
import { grouped } from '../../base/grouped.ts';
import { targetNames, targetOf } from '../../convert/targets.ts';
import type { AdapterInspection } from '../../inspect/adapter-inspection.ts';
import { medianOf, type SiteReport } from '../../inspect/adapter-sites.ts';
import { inspectTensorFile } from '../../inspect/tensor-file-inspection.ts';
import { blockOf } from '../../plan/site-groups.ts';
import type {
  AdapterBlock,
  AdapterDetail,
  ConvertTarget,
} from '../interface/adapter-operations.ts';

export type InspectedAdapter = Pick<AdapterDetail, 'found' | 'warnings' | 'targets'>;

/** @throws FormatError where the file is broken */
export async function inspectedAdapter(path: string): Promise<InspectedAdapter> {
  const inspection = await inspectTensorFile(path);
  const { warnings } = inspection;
  if (inspection.kind !== 'adapter') {
    // A model, or tensors of whatever kind: only adapters are worked on here.
    const described = 'described' in inspection ? inspection.described : inspection.kind;
    return { found: undefined, warnings: [...warnings, `it is ${described}`], targets: [] };
  }
  const { kind: _, path: _path, bySite, summary, warnings: _warnings, ...found } = inspection;
  return {
    found: { ...found, blocks: blocksOf(bySite) },
    warnings,
    targets: targetsOf(inspection),
  };
}

function blocksOf(bySite: readonly SiteReport[]): readonly AdapterBlock[] {
  return [...grouped(bySite, ({ site }) => blockOf(site))].map(([block, sites]) => ({
    block,
    sites,
    parameters: sites.reduce((sum, { parameters }) => sum + parameters, 0),
    size: medianOf(sites),
  }));
}

function targetsOf({ format, exports, adapters }: AdapterInspection): readonly ConvertTarget[] {
  const isOurs = format === 'krona';
  const hasWord = adapters.some(({ method }) => method === 'textual-inversion');
  return targetNames.flatMap((name) => {
    // Whole changes are a form under kohya's names too.
    if (name === 'diff' || (name === 'textual-inversion' && !hasWord)) return [];
    const { writer, forms, tools, title } = targetOf(name);
    const held = exports.some((each) => each.format === writer);
    const isExact = name === 'krona' || (isOurs ? held : undefined);
    return [{ name, title, forms, isExact, tools }];
  });
}
