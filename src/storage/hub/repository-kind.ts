/** @file The kinds of repositories on the hub, models and datasets, and how each is addressed. */

/** How the hub and its cache address repositories of a kind. */
export interface RepositoryKind {
  /** As messages call one. */
  readonly noun: string;
  /** In the hub's API and in the cache's names: `/api/datasets/owner/name`, `datasets--owner--name`. */
  readonly plural: string;
  /** Before `owner/name` in the addresses of pages and files. */
  readonly prefix: string;
  /** Whether users give its name where a path may stand too. */
  readonly namedLikePath: boolean;
}

export const repositoryKinds = {
  model: { noun: 'model', plural: 'models', prefix: '', namedLikePath: true },
  dataset: { noun: 'dataset', plural: 'datasets', prefix: 'datasets/', namedLikePath: false },
} as const satisfies Record<string, RepositoryKind>;
