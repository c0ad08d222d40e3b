import { waitUntil } from '../wait-until.ts';
import type { Pushed, Shop } from './shop.ts';
import type { Shops } from './start-shops.ts';
import { startUsers, type Users } from './users.ts';

/** A version that turned bad and was taken back; milliseconds. */
export interface TakenBack {
  /** From the first bad sample to the last error of a user: the sample is one of the platform's own. */
  fromSampleMs: number;
  /** From the first error of a user to the last one. */
  fromErrorMs: number;
  /** From the first error to the request for a way back: what detection took. */
  detectMs: number;
  /** From that to the last error. */
  actMs: number;
  errors: number;
  /** From what was done to the platform, if anything was, to the request; negative: it came too late. */
  meddledBeforeMs: number | null;
}

/** What happens to a version. Each is called once and may take its time. */
export interface Events {
  /** It serves. */
  serves?(shop: Shop): Promise<void>;
  /** The second bad sample was taken. Says when it did something to the platform. */
  secondBadSample?(): Promise<number>;
}

const patience = { timeoutMs: 600_000, everyMs: 100 };

/**
 * Releases one more version, lets it turn bad right behind a sample, which is the worst moment, and waits until the one before
 * it serves again.
 */
export async function playBadRelease(shops: Shops, shop: Shop, events: Events = {}): Promise<TakenBack> {
  const pushed = await shop.push(shops);
  const users = startUsers(shop.url);
  try {
    await waitUntil(`${pushed.version} of ${shop.service}`, async () => serves(users, pushed.version), patience);
    await events.serves?.(shop);
    const watch = followWatch(shops, shop, pushed);
    await watch.anotherSample();
    await fetch(`${shop.url}/turn`);
    const firstBadAt = await watch.anotherSample();
    const meddling = events.secondBadSample === undefined ? null : watch.anotherSample().then(events.secondBadSample);
    const requestedAt = await untilTakenBack(shops, { shop, pushed });
    await untilQuiet(users);
    return describe(users, { firstBadAt, requestedAt, meddledAt: await meddling });
  } finally {
    users.stop();
  }
}

function serves(users: Users, version: string): boolean {
  const latest = users.latest();
  return latest?.version === version && !latest.failed;
}

/** Sees samples of the watch over a version as they are taken. */
function followWatch({ api }: Shops, { service }: Shop, { runId }: Pushed) {
  const count = async (): Promise<string> => {
    const { run } = await api.readRun(runId);
    const { samples = 0, step = 0 } = run.slices.observability[`production/${service}`] ?? {};
    return `${step}:${samples}`;
  };
  return {
    /** Resolves with the last moment at which the sample was not there yet. */
    async anotherSample(): Promise<number> {
      const before = await count();
      let unseenAt = Date.now();
      const isThere = async (): Promise<boolean> => {
        const askedAt = Date.now();
        if ((await count()) !== before) return true;
        unseenAt = askedAt;
        return false;
      };
      await waitUntil(`another sample of ${service}`, isThere, patience);
      return unseenAt;
    },
  };
}

interface Entry {
  what: string;
  at: string;
}

interface Bad {
  shop: Shop;
  pushed: Pushed;
}

/** When the way back was asked for: the watch ended with a breach, or an alert from outside came in. */
async function untilTakenBack({ api }: Shops, { shop, pushed }: Bad): Promise<number> {
  const unit = `rollback/production/${shop.service}`;
  const isOver = async (): Promise<boolean> => {
    const { run } = await api.readRun(pushed.runId);
    const { status, endedAt = null, reason } = run.units[unit] ?? {};
    if (endedAt !== null && status !== 'success') throw new Error(`No way back for ${unit}: ${status}, ${reason}`);
    return endedAt !== null;
  };
  await waitUntil(`the way back of ${shop.service}`, isOver, { ...patience, everyMs: 200 });
  const { history } = await api.read<{ history: readonly Entry[] }>(`/runs/${pushed.runId}/history`);
  return Date.parse(history.find(({ what }) => what === 'observability_alert')?.at ?? '');
}

// The last error has been when none came for a while.
async function untilQuiet(users: Users): Promise<void> {
  const quietMs = 2_000;
  await waitUntil(
    'users without errors',
    async () => Date.now() - (users.errors().at(-1)?.at ?? 0) > quietMs,
    patience,
  );
}

interface Times {
  firstBadAt: number;
  requestedAt: number;
  meddledAt: number | null;
}

function describe(users: Users, { firstBadAt, requestedAt, meddledAt }: Times): TakenBack {
  const errors = users.errors();
  const first = errors[0]?.at ?? Number.NaN;
  const last = errors.at(-1)?.at ?? Number.NaN;
  return {
    fromSampleMs: last - firstBadAt,
    fromErrorMs: last - first,
    detectMs: requestedAt - first,
    actMs: last - requestedAt,
    errors: errors.length,
    meddledBeforeMs: meddledAt === null ? null : requestedAt - meddledAt,
  };
}
