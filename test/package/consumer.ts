/** @file What a program does with the package, in a strict project of its own: `npm run check:package` compiles and runs it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import {
  convert,
  evaluate,
  generate,
  inspect,
  KronaError,
  loadPipeline,
  plan,
  resume,
  type TrainEvent,
  type TrainOptions,
  train,
  VERSION,
} from 'diffusekrona';
import { adapters } from 'diffusekrona/adapters';
import { compile, Graph, input, square, sum } from 'diffusekrona/graph';
import { openSession } from 'diffusekrona/runtime';

/** Fails with what is wrong, in words. */
function demand(holds: boolean, wrong: string): asserts holds {
  if (!holds) throw new Error(`the library is not as it should be: ${wrong}`);
}

await mkdir('library', { recursive: true });
demand(/^\d+\.\d+\.\d+/.test(VERSION), 'it has no version');

// Plans, trains with progress, stops, goes on.
const settings: TrainOptions = {
  ...{ images: 'pocket/robot', subject: 'sks robot', steps: 3, checkpointEvery: 1 },
  ...{ adapter: 'lora', adapterOptions: { rank: 2 }, out: 'library/run' },
};
const planned = await plan({ adapter: 'lora', adapterOptions: { rank: 2 } });
demand(planned.kind === 'adapter' && planned.parameters > 0, 'it does not plan');
const stop = new AbortController();
const training = train(settings, { signal: stop.signal });
const heard: TrainEvent['type'][] = [];
for await (const event of training) {
  if (event.type === 'step') {
    console.log(`step ${event.step} of ${event.steps}: loss ${event.loss.toFixed(4)}`);
    stop.abort();
  }
  if (!event.type.startsWith('download')) heard.push(event.type as TrainEvent['type']);
}
demand(heard.at(-1) === 'interrupted' && (await training).interrupted, 'it does not stop');
const { run, adapter, step } = await resume({ run: 'library/run' });
demand(step === 3, 'it does not go on');

// Another tool's file, drawn with at a strength, to bytes.
const { paths, errors } = await convert({
  adapter,
  to: 'kohya',
  base: 'pocket',
  out: 'library/kohya.safetensors',
});
const largest = Math.max(...(errors ?? []).map(({ error }) => error));
demand(largest < 1e-3, `converting loses ${largest}`);
const [kohya = ''] = paths;
demand((await inspect(kohya)).kind === 'adapter', 'it does not know what it wrote');
await using pipeline = await loadPipeline('pocket');
const drawing = { prompt: 'a sks robot in the snow', steps: 4, count: 1, seed: 7 };
const draw = async (...used: Parameters<typeof pipeline.useAdapter>) => {
  const joined = await pipeline.useAdapter(...used);
  const [picture] = (await pipeline.generate({ ...drawing, adapters: [joined] })).pictures;
  demand(picture !== undefined, 'it draws nothing');
  return Buffer.from(picture.png);
};
const drawn = await draw(await readFile(kohya), { strength: 0.7 });
await writeFile('library/robot.png', drawn);
const begun = { ...drawing, initImage: drawn, noise: 0.5 };
const { pictures } = await generate({
  ...begun,
  adapter: [{ file: kohya, strength: 0.7 }],
  base: 'pocket',
});
demand(pictures.length === 1, 'it does not begin with a picture');

// Scores.
const work = evaluate({ run, count: 1, steps: 2, drift: false });
let scored = 0;
for await (const event of work) if (event.type === 'scoring') scored = event.done;
const { evaluation } = await work;
demand(scored > 0 && evaluation.pictures.length === scored, 'it does not score');

// Errors say what they are.
const refused = await train({ ...settings, out: run }).catch((error: unknown) => error);
demand(refused instanceof KronaError && refused.code === 'RUN_EXISTS', 'it does not refuse');

// The parts, each by itself.
demand('krona' in adapters, 'there is no method');
const graph = new Graph();
const x = input(graph, 'x', 'f32', [2]);
const program = compile({ graph, outputs: { y: sum(square(x), [0]) } });
await using session = await openSession(program);
const outputs = await session.run({ x: { dtype: 'f32', shape: [2], data: Float32Array.of(3, 4) } });
demand(outputs.get('y').data[0] === 25, 'its graphs do not compute');
console.log(`diffusekrona ${VERSION} trains, draws, converts and scores from code`);
