/** @file The contracts of methods that train the numbers of weights themselves. */
import { type Contract, type ContractCase, named, never } from '../contract.ts';
import { convolutions, linearSite, narrow, tableSite, uneven, vectorSite } from '../sites.ts';

const whole: Omit<ContractCase, 'sites'> = {
  options: {},
  deltaWeight: (own) => named(own, 'delta'),
  count: (site) => site.out * site.in,
};

const starts = [{ options: {}, moments: { delta: never } }];

export const dreambooth: Contract = {
  cases: [{ ...whole, sites: [linearSite(24, 24), narrow, ...convolutions, uneven, vectorSite] }],
  starts,
  refusals: [],
};

export const blipDiffusion: Contract = {
  cases: [{ ...whole, sites: [narrow, uneven, vectorSite] }],
  starts,
  refusals: [],
};

export const customDiffusion: Contract = {
  cases: [{ ...whole, sites: [narrow] }],
  starts,
  refusals: [],
};

export const textualInversion: Contract = {
  cases: [1, 3].map((vectors) => ({
    options: { vectors, initialIds: { [tableSite.name]: [4, 2] } },
    sites: [tableSite],
    deltaWeight: (own) => named(own, 'vectors'),
    count: (site) => vectors * site.in,
    startsMoved: {
      why: 'new rows start as copies of others',
      atMost: Number.POSITIVE_INFINITY,
    },
  })),
  starts: [],
  refusals: [
    {
      options: { initialIds: { [tableSite.name]: [3, 11] } },
      site: tableSite,
      code: 'NO_SUCH_ROW',
      says: ['row 11', tableSite.name, 'ids from 0 to 10'],
    },
  ],
};
