import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createFakeFlags, readFlagdFile, startHttpFake, testFlags, type FlagsUnderTest } from '@orchestra/testkit';
import { z } from 'zod';
import { createFlagWebhook } from './flag-webhook.ts';
import { createFlagdFile } from './flagd-file.ts';

const change = { flag: 'f', environment: 'production', percent: 25, release: 'r2', epoch: 4, key: 'k' };
const posted = z.object({
  flag: z.string(),
  environment: z.string(),
  percent: z.number(),
  release: z.string(),
  epoch: z.number(),
});

testFlags('the fake', async () => {
  const flags = createFakeFlags();
  return { flags, percentOf: async (environment, flag) => flags.percentOf(environment, flag), close: async () => {} };
});

// A receiver as the guide describes it: it keeps the last move of each flag, and refuses an older one.
testFlags('a webhook', async (): Promise<FlagsUnderTest> => {
  const kept = new Map<string, { percent: number; epoch: number }>();
  const receiver = await startHttpFake(({ body }) => {
    const { environment, flag, percent, epoch } = posted.parse(JSON.parse(body));
    const name = `${environment}/${flag}`;
    if ((kept.get(name)?.epoch ?? 0) > epoch) return { status: 409, body: {} };
    kept.set(name, { percent, epoch });
    return { status: 200, body: {} };
  });
  return {
    flags: createFlagWebhook({ url: receiver.url, token: 't', requestMs: 5_000, retries: 0 }),
    percentOf: async (environment, flag) => kept.get(`${environment}/${flag}`)?.percent ?? null,
    close: () => receiver.close(),
  };
});

testFlags('a file of flagd', async () => {
  const { flags, pathOf, close } = await givenFlagdFile();
  return {
    flags,
    // Of 20,000 users the share differs from what was asked for by less than half a percent.
    async percentOf(environment, flag) {
      const having = await usersWith({ path: pathOf(environment), flag, users: usersOf(20_000) });
      return having === null ? null : Math.round((having.length * 100) / 20_000);
    },
    close,
  };
});

describe('a file of flagd, as flagd reads it', () => {
  it('gives a flag to as many users as its steps say, and takes it from nobody until it is lowered', async () => {
    const { flags, pathOf, close } = await givenFlagdFile();
    const users = usersOf(2_000);
    const having: string[][] = [];
    for (const [index, percent] of [0, 10, 25, 50, 100, 0].entries()) {
      await flags.change({ ...change, percent, epoch: 4 + index });
      having.push((await usersWith({ path: pathOf('production'), flag: 'f', users })) ?? []);
    }
    await close();

    const [dark = [], tenth = [], quarter = [], half = [], all = [], lowered = []] = having;
    expect([dark, all, lowered]).toEqual([[], users, []]);
    expect(tenth.length).toBeGreaterThan(160);
    expect(tenth.length).toBeLessThan(240);
    expect(quarter).toEqual(expect.arrayContaining(tenth));
    expect(half).toEqual(expect.arrayContaining(quarter));
  });

  it('chooses other users for another flag, and the same ones whenever it is asked', async () => {
    const { flags, pathOf, close } = await givenFlagdFile();
    const path = pathOf('production');
    const users = usersOf(2_000);
    for (const flag of ['f', 'g']) await flags.change({ ...change, flag, percent: 25 });

    const first = await usersWith({ path, flag: 'f', users });
    const again = await usersWith({ path, flag: 'f', users });
    const other = await usersWith({ path, flag: 'g', users });
    await close();

    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('gives what is new to users without a targeting key when everybody has it, not before', async () => {
    const { flags, pathOf, close } = await givenFlagdFile();
    const seen: boolean[] = [];
    for (const [index, percent] of [50, 99, 100].entries()) {
      await flags.change({ ...change, percent, epoch: 4 + index });
      seen.push((await readFlagdFile(pathOf('production'))).isOn('f', null));
    }
    await close();

    expect(seen).toEqual([false, false, true]);
  });
});

async function givenFlagdFile() {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-flags-'));
  const pathOf = (environment: string) => join(folder, `${environment}.json`);
  return { flags: createFlagdFile(pathOf), pathOf, close: () => rm(folder, { recursive: true, force: true }) };
}

function usersOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `user-${index}`);
}

interface Asked {
  path: string;
  flag: string;
  users: readonly string[];
}

/** The users for whom flagd says that a flag is on; null: it knows no such flag. */
async function usersWith({ path, flag, users }: Asked): Promise<string[] | null> {
  const flagd = await readFlagdFile(path);
  return flagd.knows(flag) ? users.filter((user) => flagd.isOn(flag, user)) : null;
}

it('a webhook is asked again under the same key while it cannot answer, with the bearer', async () => {
  const receiver = await startHttpFake(() => ({ status: 200, body: {} }));
  receiver.next.push({ status: 503, body: {} }, { status: 429, body: {} });

  await createFlagWebhook({ url: receiver.url, token: 'secret', requestMs: 5_000, retries: 3 }).change(change);
  await receiver.close();

  expect(receiver.seen.map(({ headers }) => [headers['idempotency-key'], headers['authorization']])).toEqual(
    Array.from({ length: 3 }, () => ['k', 'Bearer secret']),
  );
  const { key: _key, ...body } = change;
  expect(JSON.parse(receiver.seen[2]?.body ?? '')).toEqual(body);
});

it.each([
  { status: 500, code: 'FLAGS_UNAVAILABLE', retriable: true },
  { status: 403, code: 'FLAGS_REFUSED', retriable: false },
])('a webhook that answers $status only is $code', async ({ status, code, retriable }) => {
  const receiver = await startHttpFake(() => ({ status, body: {} }));
  const flags = createFlagWebhook({ url: receiver.url, token: null, requestMs: 5_000, retries: 1 });

  await expect(flags.change(change)).rejects.toMatchObject({ code, retriable });
  await receiver.close();
});

it('a file of flagd keeps what people have written, and no other file is left', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-flags-'));
  const path = join(folder, 'flags.json');
  const own = { state: 'DISABLED', variants: { a: 1 }, defaultVariant: 'a' };
  await writeFile(path, JSON.stringify({ flags: { own, f: { ...own, metadata: { team: 'shop' } } }, $evaluators: {} }));
  const flags = createFlagdFile(() => path);

  await Promise.all([4, 5, 6].map((epoch) => flags.change({ ...change, flag: `f${epoch}`, epoch })));
  await flags.change(change);

  const written = JSON.parse(await readFile(path, 'utf8'));
  expect(Object.keys(written.flags).toSorted()).toEqual(['f', 'f4', 'f5', 'f6', 'own']);
  expect(written).toMatchObject({
    $evaluators: {},
    flags: {
      own,
      f: {
        state: 'ENABLED',
        variants: { a: 1, on: true, off: false },
        defaultVariant: 'off',
        targeting: {
          fractional: [
            ['on', 25],
            ['off', 75],
          ],
        },
        metadata: { team: 'shop', orchestraEpoch: 4, orchestraRelease: 'r2' },
      },
    },
  });
  expect(await readdir(folder)).toEqual(['flags.json']);
  await rm(folder, { recursive: true, force: true });
});

it('a file that is none of flagd is left as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-flags-'));
  const path = join(folder, 'flags.json');
  await writeFile(path, 'flags: yaml');

  await expect(createFlagdFile(() => path).change(change)).rejects.toMatchObject({ code: 'FLAGS_REFUSED' });
  expect(await readFile(path, 'utf8')).toBe('flags: yaml');
  await rm(folder, { recursive: true, force: true });
});
