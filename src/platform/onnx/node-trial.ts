/** @file Tries a device of ONNX Runtime in a process of its own: drivers print to the terminal themselves, and may crash. */
import { packageEntry } from '../packages.ts';
import { spawn } from '../processes.ts';
import type { DeviceName } from './engine.ts';

/** Milliseconds after which a driver counts as hanging. */
const patience = 60_000;

/**
 * Reads a model from standard input, runs it on the device and writes how long the faster of two runs took, after one
 * that compiles what a device compiles; or what failed, behind an exclamation mark.
 */
const program = `
const { readFileSync, writeSync } = require('node:fs');
const [, entry, device] = process.argv;
async function time() {
  const { InferenceSession, Tensor } = require(entry);
  const options = { executionProviders: [device], logSeverityLevel: 4 };
  const session = await InferenceSession.create(readFileSync(0), options);
  const feeds = {};
  for (const { name, shape } of session.inputMetadata) {
    const length = shape.reduce((product, side) => product * side, 1);
    feeds[name] = new Tensor('float32', new Float32Array(length), shape);
  }
  const times = [];
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    await session.run(feeds);
    times.push(performance.now() - started);
  }
  await session.release();
  return Math.min(...times.slice(1));
}
time().then(
  (milliseconds) => writeSync(1, String(milliseconds)),
  (error) => writeSync(1, '!' + (error?.message ?? error)),
);
`;

/** The milliseconds that a run of a model with inputs of float32 takes on a device, or why there is none. */
export async function nodeTrial(model: Uint8Array, device: DeviceName): Promise<number | string> {
  const entry = packageEntry('onnxruntime-node');
  const child = spawn(process.execPath, ['-e', program, entry, device], {
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: patience,
  });
  // It may have ended before it read anything.
  child.stdin.on('error', () => {});
  child.stdin.end(model);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      if (said.startsWith('!')) resolve(said.slice(1));
      else if (said !== '') resolve(Number(said));
      else resolve(`the process that tried it ended with ${signal ?? `code ${code}`}`);
    });
  });
}
