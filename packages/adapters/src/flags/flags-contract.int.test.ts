import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createFakeFlags, startHttpFake, testFlags, type FlagsUnderTest } from '@orchestra/testkit';
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
const flagdFile = z.object({
  flags: z.record(
    z.string(),
    z.looseObject({
      targeting: z.object({ fractional: z.tuple([z.unknown(), z.tuple([z.literal('on'), z.number()]), z.unknown()]) }),
    }),
  ),
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
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-flags-'));
  const pathOf = (environment: string) => join(folder, `${environment}.json`);
  return {
    flags: createFlagdFile(pathOf),
    percentOf: async (environment, flag) => {
      const text = await readFile(pathOf(environment), 'utf8').catch(() => '{"flags":{}}');
      return flagdFile.parse(JSON.parse(text)).flags[flag]?.targeting.fractional[1][1] ?? null;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

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
          fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] }, ['on', 25], ['off', 75]],
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
