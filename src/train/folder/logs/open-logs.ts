/** @file The logs for other programs that a run's settings ask for. */
import type { TrainConfig } from '../../train-options.ts';
import type { PartOfRun, Report } from './run-log.ts';
import { openTensorboardLog } from './tensorboard-log.ts';
import { openWandbLog } from './wandb-log.ts';

/** Begins those that are asked for. */
export async function openLogs(config: TrainConfig, part: PartOfRun): Promise<readonly Report[]> {
  const logs: Report[] = [];
  if (config.tensorboard) logs.push(await openTensorboardLog(part.paths.tensorboard, part));
  if (config.wandb) logs.push(await openWandbLog(config, part));
  return logs;
}
