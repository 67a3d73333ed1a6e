/** @file Screen: compare. The whole of what is compared stands in the address. */
import { useEffect, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { ComparisonRequest } from '../../../src/studio/interface/comparison-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { ErrorNotice } from '../../parts/notice.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useSettled } from '../../parts/use-settled.ts';
import { useWords } from '../../words/use-words.tsx';
import { ComparisonForm } from './comparison-form.tsx';
import { ComparisonView } from './grid/comparison-view.tsx';
import { addressOf, askedIn } from './request/comparison-address.ts';
import { useKnown } from './request/use-known.ts';
import { completed } from './request/usual-comparison.ts';

/** Milliseconds after which what one typed is asked for. */
const pause = 350;

export function CompareScreen() {
  const { t } = useWords();
  const search = useSearch();
  /** What this screen wrote into the address itself, the latest maybe before an earlier is heard of; others come from links, and begin anew. */
  const written = useRef(new Set<string>());
  const [begun, setBegun] = useState(search);
  useEffect(() => {
    if (!written.current.has(search)) setBegun(search);
  }, [search]);
  return (
    <>
      <ScreenTitle title={t('compare.title')} lead={t('compare.lead')} />
      <Beginning
        key={begun}
        search={begun}
        onAddress={(address) => {
          written.current.add(address.slice(address.indexOf('?') + 1));
        }}
      />
    </>
  );
}

interface BeginningProps {
  readonly search: string;
  readonly onAddress: (address: string) => void;
}

/** Waits until it is known what the address leaves out. */
function Beginning({ search, onAddress }: BeginningProps) {
  const asked = askedIn(search);
  const known = useKnown(asked.run === undefined ? [] : [asked.run]);
  if (known === undefined || !known.isWhole) return null;
  return <Comparing begun={completed(asked, known)} onAddress={onAddress} />;
}

interface ComparingProps extends Pick<BeginningProps, 'onAddress'> {
  readonly begun: ComparisonRequest;
}

function Comparing({ begun, onAddress }: ComparingProps) {
  const [request, setRequest] = useState(begun);
  const settled = useSettled(request, pause);
  const [, navigate] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what is asked for, and nothing else
  useEffect(() => {
    const address = addressOf(settled);
    onAddress(address);
    navigate(address, { replace: true });
  }, [settled]);
  const { data: comparison, error } = useLook(
    'comparisons.get',
    isWhole(settled) ? { request: settled } : undefined,
  );
  return (
    <>
      <ComparisonForm request={request} onChange={setRequest} />
      <ErrorNotice error={error} />
      {comparison !== undefined && error === null && (
        <ComparisonView comparison={comparison} asked={isWhole(request) ? request : undefined} />
      )}
    </>
  );
}

/** Whether every axis has values. */
function isWhole({ x, y, z }: ComparisonRequest): boolean {
  return [x, y, ...(z === undefined ? [] : [z])].every(({ values }) => values.length > 0);
}
