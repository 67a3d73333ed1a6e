/** @file How a repository on the Hugging Face hub is named in one text: owner/name, then @revision and :variant where wanted. */

/** A model or a dataset on the hub. */
export interface HubName {
  /** `stabilityai/stable-diffusion-2-1-base` */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
  /** The infix of weight files, such as `fp16`; of models only. */
  readonly variant: string | undefined;
}

/** The hub's rules: 96 characters, no punctuation at the ends, neither -- nor .. inside. */
const part = /^\w(?:[\w.-]*\w)?$/;
const longest = 96;

/** Git allows more, but these also are names of files in the cache (`refs/pr/1`). */
const revisionForm = /^[\w+-][\w.+-]*(?:\/[\w+-][\w.+-]*)*$/;
const variantForm = /^[\w-]+$/;

/** Reads `owner/name`, `owner/name@revision`, `owner/name:fp16`; undefined where the text is nothing of the kind. */
export function parseHubName(text: string): HubName | undefined {
  // A colon is in no name of the hub and in no revision of Git.
  const [address = '', variant, ...more] = text.split(':');
  const at = address.indexOf('@');
  const repository = at === -1 ? address : address.slice(0, at);
  const revision = at === -1 ? 'main' : address.slice(at + 1);
  const parts = repository.split('/');
  const isSound =
    more.length === 0 &&
    parts.length === 2 &&
    parts.every((name) => part.test(name)) &&
    repository.length <= longest &&
    !/--|\.\./.test(repository) &&
    revisionForm.test(revision) &&
    (variant === undefined || variantForm.test(variant));
  return isSound ? { repository, revision, variant } : undefined;
}

/** The text that parseHubName reads back. */
export function formatHubName({ repository, revision, variant }: HubName): string {
  return `${repository}@${revision}${variant === undefined ? '' : `:${variant}`}`;
}

/** Whether a text names content of the hub that never changes: `owner/name@<commit>`. */
export function isPinned(text: string): boolean {
  const name = parseHubName(text);
  return name !== undefined && isCommit(name.revision);
}

/** Whether a revision is a commit's full hash, whose content never changes. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}
