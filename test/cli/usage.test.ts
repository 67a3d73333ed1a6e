import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapters } from '../../src/adapters/index.ts';
import { commands } from '../../src/cli/commands.ts';
import { fieldsOf, readField } from '../../src/cli/flags/fields.ts';
import { generateSchema } from '../../src/generate/generate-options.ts';
import { trainSchema } from '../../src/train/train-options.ts';
import { krona } from './terminal.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-usage-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('help', () => {
  test('of the program starts with what to do first', async () => {
    const { code, out, err } = await krona(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "Usage: krona [options] [command]

      Teaches Stable Diffusion a subject from a few pictures, with Kronecker adapters.

      Options:
        -V, --version   output the version number
        -h, --help      show this help

      Commands:
        demo            train and show a bundled example
        studio          train, draw and compare in a page
        train           teach a model a subject from a few pictures
        find-rate       try rising learning rates, and suggest one
        generate        make pictures of a prompt
        upscale         enlarge pictures, and draw them again for more detail
        compare         show the adapters of several runs side by side
        evaluate        measure a run, or pictures of any tool: CLIP-I, CLIP-T, DINO
        sweep           train, draw and measure every combination of settings
        worker          do the tasks of sweeps, from a queue
        report          turn results of sweeps into a page and Markdown
        dreambench      the benchmark of DreamBooth: list it, check a copy, fetch the pictures
        plan            count what an adapter would train, and the memory it takes
        inspect         say what a file or folder is, and whether it is sound
        convert         write an adapter as other tools do, or as LoRA or KronA
        extract         make an adapter of what a tuned checkpoint changed
        merge           merge adapters into a model, or several adapters into one
        publish         put the adapter of a run on the Hugging Face hub, with a model card
        make-model      make a model with random weights, to measure with
        help [command]  show the help of a command

      Start here:
        krona demo                                    train and show a bundled example, no download, minutes
        krona train --images my-dog --subject "sks dog" --out runs/dog
        krona generate --run runs/dog --prompt "a {subject} on the beach" --out pictures
        krona sweep mine.yaml                         which settings are best, on several subjects?
        krona plan --base sdxl --grid                 what would an adapter cost?
        krona inspect runs/dog                        what is this file or folder?
        krona convert runs/dog --to kohya --out dog.safetensors

      Exit codes: 0 done, 1 failed, 2 bad usage, 130 stopped by Ctrl-C.
      KRONA_DEBUG=1 shows where an error happened.

      "
    `);
  });

  test('of plan has the options of every method, with their defaults', async () => {
    const { code, out } = await krona(['plan', '--help']);
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "Usage: krona plan [options]

      Counts the parameters that an adapter would train, by projection, by block and in total, and states
      the memory that a training step takes.

      What to adapt:
        --base <base>                 sd15, sd21, sdxl, sdxl-refiner, bk-sdm-base, bk-sdm-small,
                                      bk-sdm-tiny, bk-sdm-v2-base, bk-sdm-v2-small, bk-sdm-v2-tiny,
                                      ssd-1b, segmind-vega, koala-700m, koala-1b, or as for krona train
                                      (default: pocket)
        --adapter <name>              method: krona, lora, lokr, loha, oft, svdiff, textual-inversion,
                                      custom-diffusion, dreambooth, blip-diffusion (default: krona)
        --targets <pattern...>        sites to adapt: attention, attention+feed-forward, or patterns
                                      (default: attention)

      Options of --adapter krona:
        --a1 <n>                      rows of A; must divide the output size of every target (default: 4)
        --a2 <n>                      columns of A; must divide the input size of every target (default:
                                      64)
        --factors <pattern=a1,a2...>  sizes of the first factor at sites that match a pattern, the last
                                      match winning: { "to_q": [4, 64] }
        --terms <n>                   Kronecker products that are summed, each of factors of its own; 1
                                      where not given
        --layout <name>               order of the rows of ΔW: those of A ⊗ B, or of the code published
                                      with the paper: kron, reference (default: kron)
        --start <name>                drawn: from initialA and initialB, if not given; gradient: the first
                                      gradients, as LoRA-GA: drawn, gradient
        --gradient-batches <n>        batches whose mean gradient that start is from; 8 where not given
        --initial-a <name>            distribution that A starts from: normal, normal-wide,
                                      normal-wide-variance, normal-reciprocal, kaiming-uniform,
                                      xavier-uniform, zero (default: normal)
        --initial-b <name>            distribution that B starts from: normal, normal-wide,
                                      normal-wide-variance, normal-reciprocal, kaiming-uniform,
                                      xavier-uniform, zero (default: zero)
        --scale <x>                   γ, multiplied onto the product of the factors (default: 1)
        --learning-rate-ratio <x>     learning rate of B as a multiple of that of A (LoRA+); 1 where not
                                      given
        --dropout <x>                 probability that a step of training leaves a site as it is (default:
                                      0)

      Options of --adapter lora:
        --rank <n>                    inner size of the products that are trained (default: 4)
        --alpha <x>                   scale is alpha / rank; the rank where not given
        --rank-stabilized             scale by alpha / √rank instead, which keeps steps alike at any rank
                                      (default: false)
        --no-rank-stabilized          the opposite
        --dora                        DoRA: also train the length of every row of the weight (default:
                                      false)
        --no-dora                     the opposite
        --dora-side <name>            DoRA: rows of the weight, by default, or columns, of a convolution
                                      all of a channel: output, input

      Options of --adapter lokr:
        --factor <n>                  size of the first factor where it divides; -1: as square as can be
                                      (default: -1)
        --decompose-both              the first factor is a low-rank product too (default: false)
        --no-decompose-both           the opposite
        --full                        both factors are full matrices, whatever the rank (default: false)
        --no-full                     the opposite

      Options of --adapter oft:
        --side <name>                 what is turned: the inputs, as PEFT does it, or the outputs, as
                                      LyCORIS does: input, output (default: input)
        --block-size <n>              inputs or outputs that are rotated together; must divide that side
                                      of every target (default: 32)
        --blocks <n>                  number of blocks, in place of their size
        --shared                      one rotation for all blocks (default: false)
        --no-shared                   the opposite
        --neumann-terms <n>           terms of the series that PEFT takes for the rotation (it takes 5);
                                      exact where not given

      Options of --adapter textual-inversion:
        --token <text>                the new word, as prompts write it (default: <subject>)
        --vectors <n>                 rows of the table that it stands for (default: 1)
        --position <n>                index in the tokens of a prompt at which they stand, wherever the
                                      prompt has the word; where it has it if not given
        --initial-ids <text>          rows of the table to start from, by site, taken in turn; the first
                                      where not given
        --further-words <json>        more new words, whose rows follow in this order; each as above: {
                                      "token": "<cat>" }

      Memory of a training step:
        --resolution <n>              side of the training pictures, in pixels; that of the base model by
                                      default
        --batch-size <n>              pictures per gradient (default: 1)
        --base-precision <name>       of the frozen UNet on the CPU: int8 is faster, int8-weights takes
                                      less memory: stored, int8, int8-weights
        --memory [size]               what a step holds, by the segments it is cut into; with a size such
                                      as 8GB, what stays within it

      Output:
        --operations                  floating-point operations of a training step and of a picture, with
                                      the adapter and without
        --budget <size>               which a1 and a2 keep the file, in half precision, within a size such
                                      as 2MB, and what loads it elsewhere
        --grid                        parameters over a1 and a2, as in Table 2 of the paper
        --offline                     take models of the hub from the cache only, as HF_HUB_OFFLINE=1
        --quiet                       no progress
        --json                        the result as JSON on standard output, for programs

      Options:
        -h, --help                    show this help

      Examples:
        krona plan --base sdxl                        the paper's choice: a1 = 4, a2 = 64
        krona plan --base sdxl --grid                 the paper's Table 2
        krona plan --base sd15 --adapter lora --rank 8
        krona plan --base sd21 --targets attn2.to_k attn2.to_v --a1 8 --a2 32
        krona plan --base sdxl --factors attn1.*=4,64 --factors attn2.*=2,128 --json
        krona plan --base sd15 --budget 2MB           which a1 and a2 fit, and what loads them?
        krona plan --base sdxl --memory 16GB          what does a training step hold?
        krona plan --base sd15 --operations           what do a training step and a picture take, with the adapter and without?
        krona plan --base stabilityai/stable-diffusion-xl-base-1.0 --adapter lora --rank 4

      No weights are needed: the configurations of Stable Diffusion 1.5, 2.1 and XL are part of the package. Of a model of
      the hub only the configurations are fetched. --memory traces a whole training step, which takes some seconds; weights
      that are not at hand count as half precision, and peaks are estimates for the CPU.
      A site is one weight matrix, named as in the model's files, such as
      unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q; a pattern names sites by an ending or with *.

      "
    `);
  });

  test.each([
    ['train', trainSchema],
    ['generate', generateSchema],
  ] as const)('of %s names every setting of its schema', async (command, schema) => {
    const { out } = await krona([command, '--help']);
    const words = out.replace(/\s+/g, ' ');
    for (const { key, flag, description } of fieldsOf(schema)) {
      // Options of the method have flags of their own.
      if (key === 'adapterOptions') continue;
      expect(words).toContain(flag);
      expect(words).toContain(description);
    }
  });

  test.each(Object.values(adapters))('of train names every option of $name', async ({ schema }) => {
    const { out } = await krona(['train', '--help']);
    for (const { flag } of fieldsOf(schema)) expect(out).toContain(`${flag} `);
  });

  test.each(Object.keys(commands).filter((name) => name !== 'dreambench'))(
    'of %s says how to have its result as JSON',
    async (name) => {
      expect((await krona([name, '--help'])).out).toMatch(
        /\n {2}--json +(events as JSON lines|the result as JSON) on standard output, for programs\n/,
      );
    },
  );

  test('is shown where no command is given, which is bad usage', async () => {
    const { code, out, err } = await krona([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Start here:');
  });

  test('of the version is a number', async () => {
    expect((await krona(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('bad usage exits with 2 and one message', () => {
  const train = ['train', '--images', 'x', '--subject', 'sks dog', '--out', 'y'];

  test.each<[string, readonly string[], string]>([
    [
      'an unknown command',
      ['trian'],
      "error: unknown command 'trian'; did you mean train?; see krona --help [USAGE]\n",
    ],
    [
      'an unknown flag',
      [...train, '--stesp', '3'],
      "error: unknown option '--stesp'; did you mean --steps?; see krona train --help [USAGE]\n",
    ],
    [
      'a flag without its value',
      ['train', '--steps'],
      "error: option '--steps <n>' argument missing; see krona train --help [USAGE]\n",
    ],
    [
      'an argument that lacks, before the flags that do',
      ['convert'],
      'error: missing: <adapter> (adapter to read: a file or folder of any tool), --to (format to write), --out (file that ends in .safetensors, or new folder) [FLAG_MISSING]\n',
    ],
    [
      'an argument that lacks alone',
      ['inspect'],
      'error: missing: <path> (a run, a model folder, a .safetensors file, a picture, ...) [USAGE]\n',
    ],
    [
      'a word that is no number',
      [...train, '--steps', 'many'],
      'error: --steps: expected a whole number above 0, got "many" (optimiser steps) [FLAG_VALUE]\n',
    ],
    [
      'a number out of range',
      [...train, '--beta1', '1'],
      'error: --beta1: expected a number at least 0, below 1, got 1 (first moment decay of AdamW, lion and prodigy; momentum of sgd) [FLAG_VALUE]\n',
    ],
    [
      'a size that does not fit',
      [...train, '--resolution', '100'],
      'error: --resolution: expected a whole number above 0, at most 131072, a multiple of 8, got 100 (side of the training pictures, in pixels; that of the base model by default) [FLAG_VALUE]\n',
    ],
    [
      'a choice that does not exist',
      [...train, '--schedule', 'lineer'],
      'error: --schedule: expected one of constant, linear, cosine, cosine-with-restarts, polynomial, piecewise, got "lineer" (learning rate over the steps, after the warm-up) [FLAG_VALUE]\n',
    ],
    [
      'an option of another method',
      [...train, '--rank', '4'],
      'error: --rank is an option of the adapter "lora", the chosen adapter is "krona"; add --adapter lora, or leave --rank out [OPTION_OF_OTHER_ADAPTER]\n',
    ],
    [
      'required flags left out',
      ['generate', '--run', 'x'],
      'error: missing: --prompt (what to show; {subject} stands for the subject of the run or adapter; one a flag, all are drawn), --out (folder for the pictures and their contact sheet; what is there already stays) [FLAG_MISSING]\n',
    ],
    [
      'help of a command that there is not',
      ['help', 'train2'],
      'error: unknown command \'train2\'; did you mean "train"?; see krona --help [USAGE]\n',
    ],
    [
      'all that lack of flags that are needed',
      ['convert', 'x.safetensors'],
      'error: missing: --to (format to write), --out (file that ends in .safetensors, or new folder) [FLAG_MISSING]\n',
    ],
    [
      'a flag given twice',
      [...train, '--seed', '1', '--seed', '2'],
      'error: --seed: expected once, got --seed 1 and then --seed 2; leave one out [FLAG_TWICE]\n',
    ],
    [
      'settings for a run that has its own',
      ['train', '--resume', 'x', '--learning-rate', '1'],
      'error: --learning-rate cannot be given with --resume: the run goes on with the settings it began with (run.json); leave --learning-rate out, or start a new run [RESUME_WITH_SETTINGS]\n',
    ],
    [
      'a bundled subject that does not exist',
      ['demo', '--subject', 'teapto'],
      'error: there is no bundled subject "teapto"; did you mean "teapot"? (there are cat, cat2, cat3, dog, dog2, dog3, octopus, octopus2, elephant, penguin, penguin2, fish, fish2, owl, owl2, rabbit, frog, turtle, butterfly, snail, teapot, teapot2, teapot3, backpack, backpack2, guitar, alarm_clock, robot, robot2, sneaker, sneaker2, teddy_bear, teddy_bear2, cup, car, rocket, umbrella, vase, lamp, mushroom) [UNKNOWN_SUBJECT]\n',
    ],
  ])('%s', async (_what, argv, message) => {
    expect(await krona(argv)).toEqual({ code: 2, out: '', err: message });
  });

  test('as JSON where JSON was asked for', async () => {
    const { code, out, err } = await krona(['plan', '--a1', 'x', '--json']);
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'FLAG_VALUE' } });
  });
});

describe('a configuration file', () => {
  const from = async (content: string) => {
    const path = join(folder, 'run.yaml');
    writeFileSync(path, content);
    const outcome = await krona(['train', '--config', path]);
    return { ...outcome, err: outcome.err.replaceAll(`${folder}/`, '') };
  };

  test.each([
    [
      'an unknown setting',
      'images: x\nlearningrate: 1\n',
      /^error: run\.yaml: there is no setting "learningrate"; did you mean "learningRate"\? .*\[CONFIG_FILE\]\n$/,
    ],
    [
      'a wrong value',
      '{ "steps": "many" }',
      /^error: run\.yaml: steps: expected a whole number above 0, got "many" \(optimiser steps\) \[CONFIG_FILE\]\n$/,
    ],
    ['text that does not parse', 'steps: [1\n', /not sound YAML or JSON: .*line 2/],
    ['infinity', 'learningRate: .inf\n', /learningRate: expected a number .*, got Infinity/],
    ['a home folder', 'images: ~/dog\n', /images: "~\/dog": only a shell takes ~ for the home/],
    ['no settings', '- 1\n', /expected settings as "name: value" lines or a JSON object/],
  ])('with %s is refused', async (_what, content, message) => {
    const { code, err } = await from(content);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test('is read by every command that names it', async () => {
    const path = join(folder, 'unknown.yaml');
    writeFileSync(path, 'stepz: 3\n');
    for (const argv of [
      ['train'],
      ['generate'],
      ['compare', 'x'],
      ['evaluate'],
      ['sweep', 'x'],
      ['worker'],
    ]) {
      const { code, err } = await krona([...argv, '--config', path]);
      expect({ argv, code }).toEqual({ argv, code: 2 });
      expect(err).toContain('there is no setting "stepz"');
    }
  });

  test('in another encoding is refused with its line', async () => {
    const path = join(folder, 'latin.yaml');
    writeFileSync(path, Buffer.from('steps: 3\nsubject: café dog\n', 'latin1'));
    const { code, err } = await krona(['train', '--config', path]);
    expect(code).toBe(1);
    expect(err).toContain('latin.yaml:2: expected a text in UTF-8');
    expect(err).toContain('"subject: café dog"');
  });

  test('in UTF-16 is read by its byte-order mark', async () => {
    const path = join(folder, 'wide.yaml');
    writeFileSync(path, Buffer.from('\uFEFFsteps: many\n', 'utf16le'));
    const { err } = await krona(['train', '--config', path]);
    expect(err).toContain('steps: expected a whole number above 0, got "many"');
  });

  test('that does not exist is a failure, not bad usage', async () => {
    const { code, err } = await krona(['train', '--config', join(folder, 'none.yaml')]);
    expect(code).toBe(1);
    expect(err).toContain('[FILE_NOT_FOUND]');
  });

  test('can stand for flags, which override it', async () => {
    const { code, err } = await from('images: nowhere\nsubject: dog\nout: x\n');
    expect(code).toBe(2);
    expect(err).toContain('[SUBJECT_WITHOUT_CLASS]');
  });
});

describe('text on the command line', () => {
  test('that is not UTF-8 is refused before anything is done with it', async () => {
    // As Node hands on the argument "caf\xe9".
    const { code, err } = await krona(['generate', '--prompt', 'caf\uFFFD', '--out', 'x']);
    expect(code).toBe(2);
    expect(err).toContain('argument 3, "caf\uFFFD": expected UTF-8');
  });

  const read = (key: string, given: unknown) => {
    const fields = [...fieldsOf(trainSchema), ...fieldsOf(adapters.krona.schema)];
    const field = fields.find((candidate) => candidate.key === key);
    if (field === undefined) throw new Error(`no field ${key}`);
    return readField(field, given);
  };

  test('becomes the value that its setting asks for', () => {
    expect(read('learningRate', '1e-3')).toBe(0.001);
    expect(read('subject', '7 dog')).toBe('7 dog');
    expect(read('zeroTerminalSnr', false)).toBe(false);
    expect(read('targets', ['to_q,to_k', 'ff.*'])).toEqual(['to_q', 'to_k', 'ff.*']);
  });

  test('gives pairs one by one, or all as JSON', () => {
    const pairs = { to_q: [4, 64], 'attn2.*': [2, 128] };
    expect(read('factors', ['to_q=4,64', 'attn2.*=2,128'])).toEqual(pairs);
    expect(read('factors', [JSON.stringify(pairs)])).toEqual(pairs);
  });

  test.each(['to_q', 'to_q=4', 'to_q=4,x', '=4,64', '{ "to_q": [4, 64'])(
    'is refused as a pair where it is %j',
    (text) => {
      expect(() => read('factors', [text])).toThrow(/^--factors: .*pairs such as name=value/);
    },
  );
});

describe('a subject', () => {
  const refusal = async (subject: string) =>
    (await krona(['train', '--images', 'x', '--subject', subject, '--out', 'y'])).err;

  test('of one word gets a rare word before it', async () => {
    expect(await refusal('dog')).toContain('such as "sks dog", got "dog"');
    expect(await refusal('guitar')).toContain('such as "sks guitar", got "guitar"');
  });

  test.each(['a photo of my dog', 'my dog', 'the dog', 'Photo of sks dog'])(
    'is no sentence: %s',
    async (sentence) => {
      const err = await refusal(sentence);
      expect(err).toContain(`such as "sks dog", got "${sentence}"`);
      expect(err).toContain('[SUBJECT_IS_SENTENCE]');
    },
  );
});

describe('a configuration file', () => {
  const written = async (text: string) => {
    const path = join(folder, 'settings.yaml');
    writeFileSync(path, text);
    return (await krona(['train', '--config', path])).err;
  };

  test.each([
    ['learningrate: 1', 'there is no setting "learningrate"; did you mean "learningRate"?'],
    ['learning-rate: 1', 'there is no setting "learning-rate"; did you mean "learningRate"?'],
    ['a1: 4', '"a1"; it is an option of the method krona: write adapterOptions: { a1: 4 }'],
    ['rank: 4', 'it is an option of the method lora, '],
    ['qqqqqqqqqqqqqqqq: 4', '; --help names all'],
  ])('with %s', async (text, words) => {
    const err = await written(text);
    expect(err).toContain(words);
    // Not a list of everything there is.
    expect(err.length).toBeLessThan(300);
  });

  test('has its relative paths from its own folder', async () => {
    const err = await written('images: none/here\nsubject: sks dog\nout: run\nbase: ./no-model\n');
    expect(err).toContain(join(folder, 'no-model'));
    const other = await written('images: none/here\nsubject: sks dog\nout: run\n');
    expect(other).toContain(join(folder, 'none', 'here'));
  });

  test.each([
    ['adapter: [dog.safetensors=0.8]\nbase: pocket\nprompt: [a dog]\nout: pictures\n'],
    ['adapter: [{ file: dog.safetensors }]\nbase: pocket\nprompt: [a dog]\nout: pictures\n'],
  ])('has the adapters of a drawing from its own folder: %j', async (text) => {
    const path = join(folder, 'drawing.yaml');
    writeFileSync(path, text);
    const { err } = await krona(['generate', '--config', path]);
    expect(err).toContain(join(folder, 'dog.safetensors'));
  });

  test('has judges that say they are folders from its own folder', async () => {
    const path = join(folder, 'judged.yaml');
    const real = resolve('models/pocket/subjects/teapot');
    const lines = [
      'pictures: drawn',
      `images: ${real}`,
      'subject: sks dog',
      'prompts: prompts.txt',
    ];
    cpSync(real, join(folder, 'drawn', '01'), { recursive: true });
    writeFileSync(join(folder, 'prompts.txt'), 'a {}\n');
    writeFileSync(path, [...lines, 'clip: pocket', 'dino: ./judge', ''].join('\n'));
    const { err } = await krona(['evaluate', '--config', path]);
    expect(err).toContain(join(folder, 'judge'));
  });
});

describe("other tools' names of samplers find ours", () => {
  test.each([
    ['DPM++ 2M Karras', 'dpmpp-2m-karras'],
    ['DPM++ 2M SDE Karras', 'dpmpp-2m-sde-karras'],
    ['dpmpp_2m', 'dpmpp-2m'],
    ['DPM++ 2S a', 'dpmpp-2s'],
    ['Euler a', 'euler-ancestral'],
    ['k_euler_ancestral', 'euler-ancestral'],
    ['Euler', 'euler'],
    ['PLMS', 'pndm'],
    ['DDIM', 'ddim'],
    ['UniPC', 'unipc'],
  ])('%s', async (theirs, ours) => {
    const argv = ['generate', '--prompt', 'a teapot', '--sampler', theirs, '--out', 'nowhere'];
    expect((await krona(argv)).err).toContain(`"${theirs}"; did you mean "${ours}"?`);
  });
});

test.each([
  ['train', '--images', ''],
  ['demo', '--out', ''],
  ['convert', 'adapter.safetensors', '--to', 'kohya', '--out', ''],
])('%s refuses an empty path', async (...argv) => {
  const { code, err } = await krona(argv);
  expect(code).toBe(2);
  expect(err).toMatch(/^error: --(images|out): expected a path, got an empty one .*\[FLAG_VALUE\]/);
});

test.each([
  ['train', '--images', '~/dog'],
  ['plan', '--base', '~/model'],
  ['generate', '--adapter', '~/dog.safetensors=0.8'],
  ['worker', '--store', '~'],
  ['inspect', '~/dog'],
  ['compare', 'runs/a', '~/dog'],
])('%s refuses a ~ that no shell has replaced, with the path it stands for', async (...argv) => {
  const { code, err } = await krona(argv);
  const path = argv.at(-1) ?? '';
  expect(code).toBe(2);
  expect(err).toContain(`"${path}": only a shell takes ~ for the home folder`);
  expect(err).toContain(`write ${join(homedir(), path.slice(1))}, or ./${path} where`);
});
