/** @file Runs what README.md shows, as a newcomer would type it, in a folder of its own. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const project = process.cwd();
const readme = await readFile(join(project, 'README.md'), 'utf8');

/** Commands that a clean clone runs around this test, so not inside it. */
const runByContinuousIntegration = ['npm ci', 'npm test'];
/** What npm run check:package does, with the tarball in the place of the published package. */
const runOnThePackage = ['npm install --ignore-scripts diffusekrona'];

/** The demo, which test/cli/run.test.ts goes through, and npm run check:package in full; in a clone after a build. */
const demos = ['npx krona demo', 'npm run demo'];

/** Training in full is for npm run check:package: here a line trains for a few steps where it names no number itself. */
function shortened(command: string): string {
  const trains = command.includes('krona train --images') && !command.includes('--steps');
  return trains ? `${command} --steps 8` : command;
}

function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...readme.matchAll(fence)].map(([, body = '']) => body);
}

const commands = blocks('sh')
  .flatMap((block) => block.trim().split('\n'))
  .filter((line) => ![...runByContinuousIntegration, ...runOnThePackage, ...demos].includes(line));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-readme-'));
  await run('npm', ['run', 'build'], { cwd: project });
  await mkdir(join(folder, 'node_modules', '.bin'), { recursive: true });
  await symlink(join(project, 'models'), join(folder, 'models'));
  await symlink(join(project, 'experiments'), join(folder, 'experiments'));
  await symlink(project, join(folder, 'node_modules', 'diffusekrona'));
  await symlink(join(project, 'node_modules', 'tsx'), join(folder, 'node_modules', 'tsx'));
  await symlink(join(project, 'bin', 'krona.js'), join(folder, 'node_modules', '.bin', 'krona'));
  const manifest = { private: true, type: 'module' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the README', () => {
  test('shows commands, and its installing and testing are what continuous integration does', async () => {
    expect(commands.length).toBeGreaterThan(5);
    const script = await readFile(join(project, '.ci', 'run'), 'utf8');
    for (const command of runByContinuousIntegration) expect(script).toContain(command);
    for (const command of [...runOnThePackage, ...demos])
      expect(readme).toContain(`\n${command}\n`);
    const { scripts } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
    expect(scripts.demo).toBe('npm run --silent build && node bin/krona.js demo');
  });

  test.each(commands)('%s', async (command) => {
    const { stdout, stderr } = await run('sh', ['-c', shortened(command)], { cwd: folder });
    expect(`${stdout}${stderr}`.trim()).not.toBe('');
  });

  test.each(blocks('ts'))('runs its example from code', async (source) => {
    await writeFile(join(folder, 'example.ts'), source);
    await run('node', ['--import', 'tsx', 'example.ts'], { cwd: folder });
    expect((await stat(join(folder, 'runs', 'robot', 'snow', 'sheet.png'))).size).toBeGreaterThan(
      0,
    );
  });

  test('leaves the pictures it promises', async () => {
    for (const path of ['runs/teapot/beach/sheet.png', 'runs/dog/adapter.safetensors']) {
      expect((await stat(join(folder, path))).size).toBeGreaterThan(0);
    }
  });
});
