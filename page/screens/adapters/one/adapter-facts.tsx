/** @file What an adapter is, in a list of facts. */
import type { AdapterDetail } from '../../../../src/studio/interface/adapter-operations.ts';
import { useWords } from '../../../words/use-words.tsx';
import styles from './adapter-facts.module.css';

export function AdapterFacts({ adapter }: { adapter: AdapterDetail }) {
  const facts = useFacts(adapter).filter(([, value]) => value !== undefined && value !== '');
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function useFacts({
  found,
  parameters,
  bytes,
  file,
}: AdapterDetail): readonly (readonly [string, string | undefined])[] {
  const { t, formats } = useWords();
  const size = formats.bytes(bytes);
  const ofFile = [
    [t('adapters.fact.size'), size],
    [t('adapters.fact.file'), file],
  ] as const;
  if (found === undefined) return ofFile;
  const { adapters, fitsTitle, words, sites, sitesOfBase, targets, loads, statedStrengths } = found;
  const programs = loads.flatMap(({ program, obstacle }) => (obstacle ? [] : [program]));
  const obstacles = loads.flatMap(({ program, obstacle }) =>
    obstacle ? [`${program}: ${obstacle}`] : [],
  );
  const exact = found.exports.flatMap(({ loaders }) => loaders);
  return [
    [t('adapters.fact.words'), words.join(', ')],
    [t('adapters.fact.base'), fitsTitle],
    [t('adapters.fact.method'), methodsText(adapters)],
    [t('adapters.fact.parameters'), formats.number(parameters ?? found.parameters)],
    [t('adapters.fact.sites'), t('adapters.sites-of', { sites, all: sitesOfBase })],
    [t('adapters.fact.targets'), targets?.join(', ')],
    [t('adapters.fact.loads'), formats.list(['krona', ...programs])],
    [t('adapters.fact.not-in'), obstacles.join('; ')],
    [t('adapters.fact.after'), formats.list([...new Set(exact)])],
    [t('adapters.fact.stated'), statedStrengths.join('; ')],
    ...ofFile,
  ];
}

/** Options that say how large it is; all are in the file. */
const sizes = ['a1', 'a2', 'rank', 'alpha', 'blockSize', 'vectors', 'token'];

/** `krona a1 = 8, a2 = 8`, with the number of sites where there are several. */
function methodsText(adapters: NonNullable<AdapterDetail['found']>['adapters']): string {
  const shown = adapters.slice(0, 3).map(({ method, options }) => {
    const said = Object.entries(options).filter(([key, value]) => sizes.includes(key) && value);
    return [method, said.map(([key, value]) => `${key} = ${value}`).join(', ')].join(' ').trim();
  });
  return adapters.length > shown.length ? `${shown.join('; ')}; …` : shown.join('; ');
}
