/** @file `publish`: a run on the hub, or as a folder to look at. */
import * as z from 'zod';
import { type Published, type PublishOptions, publishRun } from '../publish/publish.ts';
import type { UploadEvent } from '../publish/upload.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import { beginWith, type Host } from './call/call-host.ts';
import { checked, named } from './call/checked.ts';
import type { Work } from './call/work.ts';

/**
 * Publishes a finished run with a model card: into a new repository, private unless it is said to be public, or into a
 * folder.
 *
 * @throws ConfigError PUBLISH_WHERE, HUB_TOKEN_MISSING, HUB_REPOSITORY_EXISTS; RunError NOT_A_RUN, NO_ADAPTER; ModelError
 *   HUB_TOKEN_INVALID, HUB_FORBIDDEN; SystemError HUB_UNREACHABLE, PACKAGE_MISSING
 * @example
 * ```ts
 * await publish({ run: 'runs/dog', to: 'me/my-dog' });
 * ```
 */
export function publish(
  options: PublishOptions,
  host: Host<UploadEvent> = {},
): Work<UploadEvent | HubEvent, Published> {
  return beginWith(host, async (complete) => {
    return await publishRun(checked(schema, options, 'publishing'), complete);
  });
}

const schema = z.strictObject({
  run: named,
  to: z.string().optional(),
  out: named.optional(),
  pictures: named.optional(),
  license: z.string().optional(),
  public: z.boolean().optional(),
  update: z.boolean().optional(),
});
