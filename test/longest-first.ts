/** @file The order of the test files: none that takes long is left for the end, when other workers have nothing to do. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** How the paths of the longest begin, longest first; those that wait for a server stand between those that compute. */
const longest = [
  ...['test/site/visits', 'test/site/site', 'test/queue/postgresql', 'test/browser/in-a-tab'],
  ...['test/queue/redis', 'test/cli/sweep', 'test/browser/in-webgpu', 'test/studio/page'],
  ...['test/studio/generate', 'test/queue/', 'test/site/', 'test/browser/', 'test/studio/'],
  ...['test/fuzz/', 'test/experiments/', 'test/train/', 'test/parity', 'test/readme'],
];

/** Others follow as they are, which is by what they took the last time, or by their size. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId, project }: TestSpecification): number {
  const place = longest.findIndex((path) => moduleId.startsWith(`${project.config.root}/${path}`));
  return place < 0 ? longest.length : place;
}
