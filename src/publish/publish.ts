/** @file Publishing a run: into a folder to look at, or to the hub. */
import { ConfigError } from '../base/errors.ts';
import { join } from '../platform/paths.ts';
import { writeFolderAtomic } from '../storage/files/atomic-folder.ts';
import { requireEmptyFolder } from '../storage/files/new-path.ts';
import { parseHubName } from '../storage/hub/hub-name.ts';
import { type PublishedContent, publishedFiles } from './published-files.ts';
import { type Uploaded, type UploadHost, upload, uploadAccess } from './upload.ts';

/** What to publish, and where. */
export interface PublishOptions extends Omit<PublishedContent, 'repository'> {
  /** `owner/name` on the hub. */
  readonly to?: string | undefined;
  /** A new folder that gets the files instead: nothing is uploaded. */
  readonly out?: string | undefined;
  /** Whether everybody sees a repository that is made. @default false */
  readonly public?: boolean | undefined;
  /** Whether files of a repository that is there already are replaced, and those of an earlier upload removed. @default false */
  readonly update?: boolean | undefined;
}

/** What was published. */
export interface Published {
  /** Names of the files in the repository. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Where they were uploaded to. */
  readonly uploaded: Uploaded | undefined;
  /** Paths, where they were written into a folder. */
  readonly paths: readonly string[];
}

/**
 * Publishes a finished run with a model card.
 *
 * @throws ConfigError PUBLISH_WHERE, SETTING_UNHEEDED, or as publishedFiles and upload
 */
export async function publishRun(
  { to, out, public: isPublic, update, ...content }: PublishOptions,
  host: UploadHost,
): Promise<Published> {
  const name = to === undefined ? undefined : parseHubName(to);
  if (
    (to === undefined && out === undefined) ||
    (to !== undefined && (name === undefined || to !== name.repository))
  ) {
    throw new ConfigError(
      'PUBLISH_WHERE',
      `to: expected owner/name on the hub, such as me/my-dog${to === undefined ? ', or `out: FOLDER` to look at the files first' : `, got "${to}"`}`,
    );
  }
  const ofUploads = { public: isPublic, update };
  for (const [setting, value] of Object.entries(ofUploads)) {
    if (out === undefined || value !== true) continue;
    throw new ConfigError(
      'SETTING_UNHEEDED',
      `${setting}: counts only for an upload, and nothing is uploaded with \`out\`; leave one of the two out`,
    );
  }
  const repository = to ?? '';
  // Before what takes long.
  if (out !== undefined) await requireEmptyFolder(out);
  else await uploadAccess({ repository }, host.hub);
  const files = await publishedFiles({ ...content, repository: to }, host.hub);
  const bytes = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  const made = { files: [...files.keys()], bytes };
  if (out !== undefined) {
    await writeFolderAtomic(out, files);
    return { ...made, uploaded: undefined, paths: made.files.map((each) => join(out, each)) };
  }
  const uploaded = await upload(files, { repository, isPublic, update }, host);
  return { ...made, uploaded, paths: [] };
}
