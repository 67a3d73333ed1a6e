/** @file Where an adapter works: a field for every place, the darker the more it changes there; the same as a table. */
import { type CSSProperties, useState } from 'react';
import type { AdapterBlock } from '../../../../src/studio/interface/adapter-operations.ts';
import { type Translate, useWords } from '../../../words/use-words.tsx';
import styles from './site-map.module.css';

export function SiteMap({ blocks }: { blocks: readonly AdapterBlock[] }) {
  const { t } = useWords();
  const largest = Math.max(...blocks.flatMap(({ sites }) => sites.map(({ size }) => size)));
  return (
    <section className={styles.map} aria-label={t('adapters.map')}>
      <h2>{t('adapters.map')}</h2>
      <p className={styles.lead}>{t('adapters.map-lead')}</p>
      <ul className={styles.blocks}>
        {blocks.map((block) => (
          <Block key={block.block} block={block} largest={largest} />
        ))}
      </ul>
      <SiteTable blocks={blocks} />
    </section>
  );
}

function Block({ block, largest }: { block: AdapterBlock; largest: number }) {
  const { t, formats } = useWords();
  const { sites, parameters } = block;
  const count = t('adapters.sites', { n: sites.length });
  return (
    <li className={styles.block}>
      <span className={styles.name} title={block.block}>
        {blockWords(t, block.block)}
      </span>
      <span className={styles.fields} aria-hidden="true">
        {sites.map(({ site, size }) => (
          <span
            key={site}
            className={styles.field}
            style={{ '--share': largest > 0 ? size / largest : 0 } as CSSProperties}
            title={`${site}: ${formats.short(size)}`}
          />
        ))}
      </span>
      <span className={styles.fact}>
        {count} · {t('adapters.parameters', { n: parameters })}
      </span>
    </li>
  );
}

/** What a UNet's blocks are called here; any other by its own name. */
function blockWords(t: Translate, block: string): string {
  const [, kind, n] = /^unet\.(down|up)_blocks\.(\d+)$/.exec(block) ?? [];
  if (kind === 'down') return t('adapters.block.down', { n: Number(n) + 1 });
  if (kind === 'up') return t('adapters.block.up', { n: Number(n) + 1 });
  if (block === 'unet.mid_block') return t('adapters.block.middle');
  if (block === 'text_encoder') return t('adapters.block.text', { n: 1 });
  if (block === 'text_encoder_2') return t('adapters.block.text', { n: 2 });
  return block;
}

function SiteTable({ blocks }: { blocks: readonly AdapterBlock[] }) {
  const { t, formats } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('parts.as-table')}</summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
        <section className={styles.scroll} tabIndex={0} aria-label={t('adapters.every-site')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('adapters.site')}</th>
                <th scope="col">{t('adapters.fact.parameters')}</th>
                <th scope="col">{t('adapters.change-size')}</th>
              </tr>
            </thead>
            <tbody>
              {blocks.flatMap(({ sites }) =>
                sites.map(({ site, parameters, size }) => (
                  <tr key={site}>
                    <th scope="row">
                      <code>{site}</code>
                    </th>
                    <td>{formats.number(parameters)}</td>
                    <td>{formats.short(size)}</td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
