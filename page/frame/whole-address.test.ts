import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Route, Router, useParams, useSearchParams } from 'wouter';
import { decodedParameter, useWholeLocation, useWholeSearch } from './whole-address.ts';

const hard = ['50 % off', '%26', '100%25', 'salt & pepper', 'a=b+c', '{"steps":20}', 'ü/?#', '%'];

/** What a screen reads of an address. */
function readOf(path: string, query: string): readonly unknown[] {
  let read: readonly unknown[] = [];
  function Screen() {
    const { id } = useParams();
    const [search] = useSearchParams();
    read = [decodedParameter(id), search.get('said')];
    return null;
  }
  const properties = {
    ...{ hook: useWholeLocation, searchHook: useWholeSearch, ssrPath: path, ssrSearch: query },
    children: createElement(Route, { path: '/datasets/:id' }, createElement(Screen)),
  };
  renderToStaticMarkup(createElement(Router, properties));
  return read;
}

test.each(hard)('%j comes out of the path and the query as it went in', (text) => {
  const query = `?${new URLSearchParams({ said: text })}`;
  expect(readOf(`/datasets/${encodeURIComponent(text)}`, query)).toEqual([text, text]);
});

test('what nothing encodes is read as it stands', () => {
  expect(readOf('/datasets/50%', '?said=50%')).toEqual(['50%', '50%']);
});
