/** @file Plans over sizes of A, as people read them: the paper's grid, and what a budget allows. */
import { formatBytes, formatCount, formatPlural } from '../../../base/quantities.ts';
import { tensorReaders } from '../../../exchange/tools/loaders.ts';
import type { FactorGrid, GridEntry } from '../../../plan/factor-grid.ts';
import type { BudgetPlan, GridPlan } from '../../../plan/plan.ts';
import type { BudgetEntry } from '../../../plan/size-budget.ts';
import { formatTable } from '../../words/table.ts';

/** The grid of sizes. */
export function gridText(made: GridPlan): string {
  const { sites, title, targets } = made;
  return `Trainable parameters by the size a1 x a2 of A, on ${formatPlural(sites, 'site')} of ${title} (targets ${targets.join(', ')})\n\n${formatGrid(made)}`;
}

/** The sizes within a budget. */
export function budgetText({ sites, title, targets, budgetBytes, entries }: BudgetPlan): string {
  return `KronA on ${formatPlural(sites, 'site')} of ${title} (targets ${targets.join(', ')}), at most ${formatBytes(budgetBytes)} in half precision\n\n${formatBudget(entries)}`;
}

/** The grid as a table, entries that differ from the paper marked and explained. */
function formatGrid({ entries, agreeing }: FactorGrid): string {
  const distinct = (side: 'a1' | 'a2') => [...new Set(entries.map((entry) => entry[side]))];
  const columns = [
    { title: 'a1 \\ a2', align: 'right' as const },
    ...distinct('a2').map((a2) => ({ title: `${a2} `, align: 'right' as const })),
  ];
  const rows = distinct('a1').map((a1) => [
    String(a1),
    ...entries.filter((entry) => entry.a1 === a1).map(cell),
  ]);
  const table = formatTable(columns, rows);
  return agreeing === undefined ? table : `${table}\n${explain(entries, agreeing)}`;
}

function cell({ parameters, paper }: GridEntry): string {
  const mark = paper === undefined || paper === parameters ? ' ' : '*';
  return `${parameters === null ? '-' : formatCount(parameters)}${mark}`;
}

/** Checked entry by entry: each of them is the sum of a1·a2 + d·h / (4·a1·a2). */
function explain(entries: readonly GridEntry[], agreeing: number): string {
  const [example] = entries.filter(({ parameters, paper }) => parameters !== paper);
  const summary = `${agreeing} of the ${entries.length} entries of the paper's Table 2 agree with the sum of a1·a2 + d·h/(a1·a2) over all d x h matrices.\n`;
  if (example?.paper === undefined) return summary;
  return `${summary}* The ${entries.length - agreeing} entries with a1 = ${example.a1} are printed as a quarter of these, for example ${formatCount(example.paper)} for (${example.a1}, ${example.a2}):
  they count a second factor of d/4 x h/a2, as with a1 = 4, where the product needs one of d x h/a2.\n`;
}

const marks: Readonly<Record<string, string>> = { PEFT: '*', LyCORIS: '+' };

/** One line a product a1·a2, and who loads what. */
function formatBudget(entries: readonly BudgetEntry[]): string {
  const products = [...new Set(entries.map(({ a1, a2 }) => a1 * a2))];
  const rows = products.flatMap((product) => {
    const own = entries.filter(({ a1, a2 }) => a1 * a2 === product);
    const sizes = own.map(
      ({ a1, a2, loaders }) => `${a1} x ${a2}${loaders.map((name) => marks[name] ?? '').join('')}`,
    );
    return own
      .slice(0, 1)
      .map(({ parameters, fileBytes }) => [
        String(product),
        formatCount(parameters),
        formatBytes(fileBytes.f32),
        formatBytes(fileBytes.f16),
        sizes.join(', '),
      ]);
  });
  const titles = ['a1·a2', 'parameters', 'fp32', 'fp16'];
  const columns = titles.map((title) => ({ title, align: 'right' as const }));
  const table = formatTable([...columns, { title: 'a1 x a2' }], rows);
  return `${table}
All of these load in ${tensorReaders.join(', ')}, exported under kohya's LoKr names.
* in PEFT, + in LyCORIS too: these derive the sizes of both factors from one number.
`;
}
