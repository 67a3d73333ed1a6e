/** @file Settings of a drawing, checked before it waits in line. */
import { ConfigError } from '../../base/errors.ts';
import { parseSettings } from '../../base/settings/parse-settings.ts';
import { type GenerateConfig, generateSchema } from '../../generate/generate-options.ts';
import type { DrawRequest } from '../interface/drawing-operations.ts';
import { generatePaths, requireNoPaths } from '../work/page-settings.ts';

/**
 * The settings of a request, complete but for what its base recommends.
 *
 * @throws ConfigError PATH_FROM_PAGE, UNKNOWN_SETTING, INVALID_SETTING, PROMPT_MISSING
 */
export async function checkedSettings({
  base,
  settings,
}: Pick<DrawRequest, 'base' | 'settings'>): Promise<GenerateConfig> {
  await requireNoPaths({ ...settings, ...(base && { base }) }, { paths: generatePaths });
  const config = parseSettings(generateSchema, { given: settings }, 'generating');
  if ([config.prompt ?? []].flat().every((each) => each.trim() === '')) {
    throw new ConfigError('PROMPT_MISSING', '`prompt`: say what to draw');
  }
  return config;
}
