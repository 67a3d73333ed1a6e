/** @file A drawing, checked before it waits in line. */
import { ConfigError } from '../../base/errors.ts';
import { parseSettings } from '../../base/settings/parse-settings.ts';
import { type GenerateConfig, generateSchema } from '../../generate/generate-options.ts';
import type { DrawRequest } from '../interface/drawing-operations.ts';
import type { Settings } from '../interface/operation-shapes.ts';
import type { FoundModels } from '../models/found-models.ts';
import { generatePaths, requireNoPaths } from '../work/page-settings.ts';

export interface CheckedDrawing {
  /** Models by their places; without the base. */
  readonly settings: Settings;
  /** As it is opened; undefined where it is the adapters'. */
  readonly base: string | undefined;
  /** Complete but for what its base recommends. */
  readonly config: GenerateConfig;
}

/**
 * A request with what its settings come to.
 *
 * @throws ConfigError PATH_FROM_PAGE, UNKNOWN_SETTING, INVALID_SETTING, PROMPT_MISSING
 */
export async function checkedDrawing(
  request: Pick<DrawRequest, 'base' | 'settings'>,
  models: FoundModels,
): Promise<CheckedDrawing> {
  requireNoPaths(request.settings, generatePaths);
  const named = { ...request.settings, ...(request.base && { base: request.base }) };
  const { base, ...settings } = await models.placed(named);
  const config = parseSettings(generateSchema, { given: settings }, 'generating');
  if ([config.prompt ?? []].flat().every((each) => each.trim() === '')) {
    throw new ConfigError('PROMPT_MISSING', '`prompt`: say what to draw');
  }
  return { settings, base: base === undefined ? undefined : String(base), config };
}
