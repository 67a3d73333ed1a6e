/** @file Runs what README.md shows, as a newcomer would type it, in a folder of its own. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compiledPath, compiledProject } from './programs/compiled.ts';

const run = promisify(execFile);
const project = process.cwd();
const readme = await readFile(join(project, 'README.md'), 'utf8');

/** Commands that a clean clone runs around this test, so not inside it. */
const runByContinuousIntegration = ['npm ci', 'npm test'];
/** What npm run check:package does, with the tarball in the place of the published package. */
const runOnThePackage = ['npm install --ignore-scripts diffusekrona'];

/** The page, which test/studio goes through: it serves until it is stopped. */
const pages = ['npx krona studio'];

/** The demo, which test/cli/run.test.ts goes through, and npm run check:package in full; in a clone after a build. */
const demos = ['npx krona demo', 'npm run demo'];

/** In full is for npm run check:package: here a line takes few steps where it names no number itself, and few pictures. */
function shortened(command: string): string {
  const steps = /krona (train|generate) /.test(command) && !command.includes('--steps');
  const begins = command.includes('krona train --images');
  return [command, steps ? '--steps 2' : [], begins ? '--batch-size 1' : []].flat().join(' ');
}

/** Its example, shortened too. */
function shortenedExample(source: string): string {
  const [training, drawing] = ['steps: 20,', 'count: 1,'];
  expect(source).toContain(training);
  expect(source).toContain(drawing);
  return source
    .replace(training, 'steps: 2, batchSize: 1,')
    .replace(drawing, `${drawing} steps: 2,`);
}

function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...readme.matchAll(fence)].map(([, body = '']) => body);
}

const commands = blocks('sh')
  .flatMap((block) => block.trim().split('\n'))
  .filter(
    (line) =>
      ![...runByContinuousIntegration, ...runOnThePackage, ...demos, ...pages].includes(line),
  );

let folder: string;
/** The commands' environment. */
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-readme-'));
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  await symlink(compiledProject, join(modules, 'diffusekrona'));
  await symlink(join(project, 'node_modules', 'tsx'), join(modules, 'tsx'));
  await symlink(compiledPath('bin/krona.js'), join(modules, '.bin', 'krona'));
  for (const shared of ['models', 'experiments']) {
    await symlink(join(project, shared), join(folder, shared));
  }
  // What npx does once it has found a program, without the third of a second that it takes to find it.
  const shortcuts = join(folder, 'shortcuts');
  await mkdir(shortcuts);
  const shortcut = '#!/bin/sh\nexec "./node_modules/.bin/$@"\n';
  await writeFile(join(shortcuts, 'npx'), shortcut, { mode: 0o755 });
  env = { ...process.env, PATH: [shortcuts, process.env.PATH].join(delimiter) };
  const manifest = { private: true, type: 'module' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the README', () => {
  test('shows commands, and its installing and testing are what continuous integration does', async () => {
    expect(commands.length).toBeGreaterThan(5);
    const script = await readFile(join(project, '.ci', 'run'), 'utf8');
    for (const command of runByContinuousIntegration) expect(script).toContain(command);
    for (const command of [...runOnThePackage, ...demos, ...pages])
      expect(readme).toContain(`\n${command}\n`);
    const { scripts } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
    expect(scripts.demo).toBe('npm run --silent build && node bin/krona.js demo');
  });

  test('types commands that npx finds', async () => {
    const { stdout } = await run('npx', ['krona', '--version'], { cwd: folder });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each(commands)('%s', async (command) => {
    const { stdout, stderr } = await run('sh', ['-c', shortened(command)], { cwd: folder, env });
    expect(`${stdout}${stderr}`.trim()).not.toBe('');
  });

  test.each(blocks('ts'))('runs its example from code', async (source) => {
    await writeFile(join(folder, 'example.ts'), shortenedExample(source));
    await run('node', ['--import', 'tsx', 'example.ts'], { cwd: folder });
    expect((await stat(join(folder, 'robot-0.png'))).size).toBeGreaterThan(0);
  });

  test('leaves the pictures it promises', async () => {
    for (const path of ['runs/teapot/beach/sheet.png', 'runs/dog/adapter.safetensors']) {
      expect((await stat(join(folder, path))).size).toBeGreaterThan(0);
    }
  });
});
