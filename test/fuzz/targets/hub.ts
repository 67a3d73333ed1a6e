/** @file What a hub answers: statuses, headers, bodies, names of files. */
import { join } from 'node:path';
import { pocketFolder } from '../../../src/data/pocket.ts';
import {
  commitOf,
  etagOf,
  type FakeHub,
  filesOf,
  repository,
  startFakeHub,
} from '../../hub/fake-hub.ts';
import { command, type Place, type Target, words } from '../target.ts';

const files = filesOf(pocketFolder());
const names = [...files.keys()].filter((name) => !name.startsWith('subjects/'));
const hostileNames = [
  '../../../x',
  '/absolute/x',
  'a/../../x',
  'unet/config.json/x',
  '',
  'a\u0000b',
  'x'.repeat(300),
  'C:\\x',
  'con',
];
const etags = ['"x"', '', '"', '"../../x"', `"${'a'.repeat(300)}"`, 'W/"x"'];

const statuses = [200, 204, 301, 403, 404, 416, 429, 500, 999];

/** What the hub says of the repository. */
function listing({ damage, random }: Place): Uint8Array {
  const siblings = [...files].map(([rfilename, bytes]) => {
    const sha256 = random.pick([etagOf(rfilename, bytes), ...etags]);
    const size = random.pick([bytes.length, bytes.length, -1, 2 ** 60, '1']);
    const [blobId, lfs] = [sha256, { sha256, size }];
    return { rfilename, ...random.pick([{}, { blobId, size }, { lfs }]) };
  });
  const more = damage.choice([[], [], [{ rfilename: random.pick(hostileNames) }]]);
  return damage.json({ id: repository, sha: commitOf('0'), siblings: [...siblings, ...more] });
}

/** Answers in place of the hub: to the listing, or for one of the files. */
function answers(place: Place, file: string): FakeHub['intercept'] {
  const { damage } = place;
  const body = Buffer.from(listing(place)).toString('latin1');
  const status = damage.choice(statuses);
  const headers = { 'X-Repo-Commit': damage.choice([commitOf('0'), commitOf('1'), '']) };
  const etag = damage.choice(etags);
  return damage.choice<FakeHub['intercept']>([
    () => undefined,
    ({ path }) => (path.includes('/revision/') ? { status, body } : undefined),
    ({ path }) => (path.includes('/revision/') ? { status: 200, body } : undefined),
    ({ path }) => (path.includes(file) ? { status, body: 'x', headers } : undefined),
    ({ path }) =>
      path.includes(file)
        ? { status: 200, body: 'x', headers: { ...headers, ETag: etag } }
        : undefined,
  ]);
}

export const hubAnswers: Target = {
  weight: 3,
  run: async (place) => {
    const { random, damage, sandbox } = place;
    const held = new Map(names.map((name) => [name, files.get(name) ?? new Uint8Array()]));
    const file = random.pick(names);
    const bytes = files.get(file) ?? new Uint8Array();
    if (random.chance(0.3)) held.set(file, damage.bytes(bytes));
    const hub = await startFakeHub(held);
    if (damage.choice([false, false, true])) hub.damaged.add(file);
    hub.announced.set(file, damage.choice([bytes.length, bytes.length, 0, -1, 1e12, 2 ** 60]));
    if (random.chance(0.1)) hub.cuts.set(file, random.below(5000));
    hub.intercept = answers(place, file);
    process.env.HF_ENDPOINT = hub.url;
    process.env.HF_HOME = join(sandbox.out, 'hub');
    try {
      if (random.chance(0.8)) return await command(place, words`plan --base ${repository}`);
      const out = join(sandbox.out, 'pictures');
      const drawing = words`--prompt teapot --steps 1 --count 1 --out ${out}`;
      return await command(place, [...words`generate --base ${repository}`, ...drawing]);
    } finally {
      await hub.close();
    }
  },
};
