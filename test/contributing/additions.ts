/** @file One of each thing that CONTRIBUTING's table tells how to add, written as one would write it. */

/** New files, and lines more in files that are there, each after a text that the file has once. */
export interface Addition {
  /** Their texts by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly lines: Readonly<Record<string, readonly (readonly [after: string, line: string])[]>>;
}

const adapter: Addition = {
  files: {
    'src/adapters/methods/example.ts': `
      import * as z from 'zod';
      import { defineAdapter, parameter } from '../adapter.ts';
      import { zero } from '../algebra/initial.ts';

      export const example = defineAdapter({
        name: 'example',
        title: 'A difference for every number of a weight',
        schema: z.strictObject({}),
        linearIn: () => ['delta'],
        parameters: ({ out, in: inner }) => [{ name: 'delta', shape: [out, inner], initial: zero }],
        deltaWeight: ({ parameters }) => parameter(parameters, 'delta'),
        parameterCount: ({ out, in: inner }) => out * inner,
      });`,
  },
  lines: {
    'src/adapters/registry.ts': [
      ["from './methods/dreambooth.ts';\n", "import { example } from './methods/example.ts';\n"],
      ['export const adapters = {\n', '  example,\n'],
    ],
    'test/contract/contracts.ts': [
      ['Readonly<Record<AdapterName, Contract>> = {\n', '  example: dreambooth,\n'],
    ],
  },
};

const sampler: Addition = {
  files: {
    'src/diffusion/samplers/methods/example.ts': `
      import type { SamplerMethod } from '../sampler.ts';
      import { euler } from './euler.ts';

      export const example: SamplerMethod = { ...euler, schedulerClass: 'ExampleScheduler' };`,
  },
  lines: {
    'src/diffusion/samplers/index.ts': [
      ["from './methods/euler.ts';\n", "import { example } from './methods/example.ts';\n"],
      ['export const samplers = {\n', '  example,\n'],
    ],
  },
};

const foreignMethod: Addition = {
  files: {
    'src/exchange/methods/example-tensors.ts': `
      import { fullChange } from '../../adapters/index.ts';
      import { requiredSite, requiredTensor } from './foreign-module.ts';
      import type { ForeignMethod } from './method-record.ts';

      export const exampleTensors: ForeignMethod = {
        title: 'example',
        signs: ['example'],
        read: (module) => [fullChange(requiredSite(module), requiredTensor(module, 'example'))],
        write: {},
      };`,
  },
  lines: {
    'src/exchange/methods/known-methods.ts': [
      [
        "from './embedding-tensors.ts';\n",
        "import { exampleTensors } from './example-tensors.ts';\n",
      ],
      ['const methods: readonly ForeignMethod[] = [\n', '  exampleTensors,\n'],
    ],
    'src/exchange/names/tensor-names.ts': [['const endings = {\n', "  '.example': 'example',\n"]],
  },
};

const format: Addition = {
  files: {
    'src/exchange/tools/write-example.ts': `
      import { encoded, type FormatWriter } from './write-options.ts';

      export const writeExample: FormatWriter = ({ tensors }, { dtype }) =>
        new Map([['example.safetensors', encoded(tensors, {}, dtype)]]);`,
  },
  lines: {
    'src/exchange/write-adapter.ts': [
      [
        "from './tools/write-diffusers.ts';\n",
        "import { writeExample } from './tools/write-example.ts';\n",
      ],
      [
        'export const foreignFormats = {\n',
        "  example: { write: writeExample, style: () => 'bare' },\n",
      ],
    ],
    'src/convert/targets.ts': [
      [
        'export const targets = {\n',
        "  example: { title: 'an example', tools: ['Example'], writer: 'example', forms: ['diff'] },\n",
      ],
    ],
  },
};

const operation: Addition = {
  files: {
    'src/graph/ops/example.ts': `
      import type { Operation, Value } from '../graph.ts';
      import { multiply, square, subtract } from './arithmetic.ts';

      const exampleOperation: Operation = {
        name: 'example',
        attributes: {},
        infer: (x) => [x],
        emit: (emission, x) => [emission.node('Tanh', [x])],
        vjp: ({ gradient, output }) => [() => multiply(gradient, subtract(1, square(output)))],
      };

      export function example(x: Value): Value {
        return x.graph.apply1(exampleOperation, [x]);
      }`,
  },
  lines: {
    'src/graph/index.ts': [
      ["from './ops/convolution.ts';\n", "export { example } from './ops/example.ts';\n"],
    ],
    'test/graph/operation-cases.ts': [
      [
        "from '../../src/tensor/tensor.ts';\n",
        "import { example } from '../../src/graph/index.ts';\n",
      ],
      [
        'Record<string, OperationCase>> = {\n',
        '  example: { shapes: [[3]], build: (x) => example(x) },\n',
      ],
    ],
  },
};

const setting = "  example: z.number().default(1).describe('an example'),\n";

const settings: Addition = {
  files: {},
  lines: {
    'src/train/train-options.ts': [['export const trainSchema = z.strictObject({\n', setting]],
    'src/generate/generate-options.ts': [
      ['export const generateSchema = z.strictObject({\n', setting],
    ],
  },
};

const measure: Addition = {
  files: {},
  lines: {
    'src/metrics/score-subject.ts': [
      ['export interface PictureScores extends Appearance {\n', '  readonly example: number;\n'],
      ['      pictures.push({\n', '        example: largestCosine(clip, texts.plain),\n'],
    ],
    'src/metrics/summary.ts': [['export const metrics = [\n', "  'example',\n"]],
    'src/experiments/report/words/metric-words.ts': [
      [
        'Readonly<Record<Measure, MeasureWords>> = {\n',
        "  example: { label: 'example', better: 'higher', about: 'an example' },\n",
      ],
    ],
  },
};

const store: Addition = {
  files: {
    'src/experiments/store/example.ts': `
      import type { ResultStore } from './result-store.ts';

      export function example(name: string): ResultStore {
        const files = new Map<string, Uint8Array>();
        return {
          name,
          read: async (file) => files.get(file),
          write: async (file, content) => {
            files.set(file, content);
          },
          list: async (prefix) => [...files.keys()].filter((file) => file.startsWith(prefix)).sort(),
        };
      }`,
  },
  lines: {
    'src/experiments/store/open-store.ts': [
      ["from '../../base/errors.ts';\n", "import { example } from './example.ts';\n"],
      ['): ResultStore {\n', "  if (name.startsWith('example://')) return example(name);\n"],
    ],
    'test/store/stores.test.ts': [
      ['describe.each<[string, () => string]>([\n', "  ['an example', () => 'example://'],\n"],
    ],
  },
};

const engine: Addition = {
  files: {
    'src/experiments/sweep/work/example.ts': `
      import type { TaskEngine } from './worker-protocol.ts';

      export const example: TaskEngine = {
        run: async (_tasks, { report }) => report({ type: 'note', message: 'an example' }),
      };`,
  },
  lines: {
    'src/cli/commands/sweep/sweep.ts': [
      [
        "from '../../../experiments/queue/queue-engine.ts';\n",
        "import { example } from '../../../experiments/sweep/work/example.ts';\n",
      ],
      [
        '  const { queue, store, workers } = settings;\n',
        "  if (queue === 'example') return example;\n",
      ],
    ],
  },
};

const command: Addition = {
  files: {
    'src/cli/commands/example.ts': `
      import type { Command } from 'commander';
      import { addAction } from '../shell/action.ts';
      import type { Terminal } from '../shell/terminal.ts';

      export function addExample(command: Command, terminal: Terminal): void {
        command.description('An example.');
        addAction(command, terminal, { json: 'result' }, async (work) =>
          work.out({ text: 'an example', value: { example: true } }),
        );
      }`,
  },
  lines: {
    'src/cli/commands.ts': [
      [
        'Readonly<Record<string, CommandEntry>> = {\n',
        "  example: {\n    summary: 'an example',\n    load: async () => (await import('./commands/example.ts')).addExample,\n  },\n",
      ],
    ],
  },
};

const badInput: Addition = {
  files: {
    'test/fuzz/targets/example.ts': `
      import { command, type Target, words } from '../target.ts';

      export const example: Target = {
        weight: 1,
        run: (place) => command(place, words\`inspect \${place.samples.run}\`),
      };`,
  },
  lines: {
    'test/fuzz/targets/index.ts': [
      ["from './checkpoints.ts';\n", "import { example } from './example.ts';\n"],
      ['export const targets = {\n', '  example,\n'],
    ],
  },
};

const references: Addition = {
  files: {
    'test/parity/checks/example.ts': `
      import { type Check, compared } from '../check.ts';

      export async function checkExample(_folder: string, fixture: unknown): Promise<Check[]> {
        return [compared('example', Number(fixture === null), 0)];
      }`,
  },
  lines: {
    'test/parity/kinds.ts': [
      [
        "from './checks/image-preprocess.ts';\n",
        "import { checkExample } from './checks/example.ts';\n",
      ],
      ['const kinds: readonly Kind[] = [\n', '  computes(/\\bexamples\\b/, checkExample),\n'],
    ],
  },
};

const screen: Addition = {
  files: {
    'page/screens/example/example-screen.tsx': `
      import { ScreenTitle } from '../../parts/screen-title.tsx';
      import { useWords } from '../../words/use-words.tsx';

      export function ExampleScreen() {
        const { t } = useWords();
        return <ScreenTitle title={t('example.title')} />;
      }`,
    'page/words/en/example.ts': `
      import type { Words } from '../word-types.ts';

      export const example = { 'example.title': 'Example' } as const satisfies Words;`,
    'page/words/de/example.ts': `
      import type { example as english } from '../en/example.ts';
      import type { Translation } from '../word-types.ts';

      export const example: Translation<typeof english> = { 'example.title': 'Beispiel' };`,
  },
  lines: {
    'page/screens/registry.ts': [
      [
        'export const screens: readonly Screen[] = [\n',
        "{ path: '/example', title: 'example.title', load: async () => (await import('./example/example-screen.tsx')).ExampleScreen },\n",
      ],
    ],
    'page/words/en/index.ts': [
      ["from './compare.ts';\n", "import { example } from './example.ts';\n"],
      ['  ...frame,\n', '  ...example,\n'],
    ],
    'page/words/de/index.ts': [
      ["from './compare.ts';\n", "import { example } from './example.ts';\n"],
      ['  ...frame,\n', '  ...example,\n'],
    ],
  },
};

const question: Addition = {
  files: {
    'src/studio/operations/runs/runs-example.ts': `
      import { oneSchema } from '../input-parts.ts';
      import { defineOperation } from '../operation.ts';

      export const runsExample = defineOperation({
        name: 'runs.example',
        kind: 'look',
        schema: oneSchema,
        run: async ({ id }, { runs }) => (await runs.get(id)).found.name,
      });`,
  },
  lines: {
    'src/studio/interface/run-operations.ts': [
      [
        'export interface RunOperations {\n',
        "  readonly 'runs.example': Look<{ readonly id: string }, string>;\n",
      ],
    ],
    'src/studio/operations/runs/index.ts': [
      ["from './runs-curve.ts';\n", "import { runsExample } from './runs-example.ts';\n"],
      ['Defined<RunOperations> = {\n', "  'runs.example': runsExample,\n"],
    ],
    'page/backend/operation-kinds.ts': [["  'runs.get': 'look',\n", "  'runs.example': 'look',\n"]],
  },
};

/** By what the table calls them. */
export const additions: Readonly<Record<string, Addition>> = {
  'an adapter': adapter,
  'a sampler': sampler,
  "a method of other tools' adapter files": foreignMethod,
  "a format of other tools' adapter files": format,
  'an operation': operation,
  'a setting of training or generating': settings,
  'a measure of pictures': measure,
  'a place where results land': store,
  'a way to carry out tasks': engine,
  'a command': command,
  'a screen of Studio': screen,
  'a question of a page': question,
  'a kind of bad input': badInput,
  'a kind of reference values': references,
};

/** Rows of what is no source: files of settings. */
export const data: readonly string[] = [
  "a base model's recommended settings",
  'a model size',
  'an experiment',
];
