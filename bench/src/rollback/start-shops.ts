import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalTarget } from '@orchestra/adapters/local-target';
import { digestToken } from '@orchestra/runtime';
import { launchPlatform, type Launched } from '../stages/launch-platform.ts';
import { waitUntil } from '../wait-until.ts';
import { makeShop, type Shop } from './shop.ts';

/** A process of a service. */
interface ServiceProcess {
  name: string;
  pid: number;
  port: number;
}

/** The platform as processes, with two replicas of rollback, and two shops whose first version serves. */
export interface Shops extends Launched {
  /** Watched by the platform, with not one setting. */
  watched: Shop;
  /** The platform measures it as well, and never finds anything wrong: alerts from outside have to. */
  alerted: Shop;
  /** Those that run now. */
  processes(): Promise<readonly ServiceProcess[]>;
}

/** Who has it may send alerts. */
export const alertToken = 'alerts-of-the-bench';

// It keeps the old colour like the other one. A shop that is released again and again is not protected from that.
const neverIll = `observability:
  step_watch_seconds: 15
  thresholds:
    error_rate_percent: 100
rollback:
  cooldown_seconds: 0
  budget_per_day: 1000
`;

/** Starts them, and waits until the first version of each has passed its step. */
export async function startShops(environment: Readonly<Record<string, string | undefined>>): Promise<Shops> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-bench-'));
  // Released processes run as a user of their own, which has to be able to pass.
  await chmod(folder, 0o711);
  const data = join(folder, 'data');
  const watched = await makeShop({ folder, service: 'watched', more: '' });
  const alerted = await makeShop({ folder, service: 'alerted', more: neverIll });
  const own = { ...environment, ALERT_TOKENS: `alerts:operator:${digestToken(alertToken)}` };
  const entry = `bench/*=file://${folder}/repositories/{repository}.git`;
  const args = ['--distributed', '--replicas', 'rollback=2', '--repository', entry];
  const launched = await launchPlatform({ data, args, environment: own });
  const stop = async (): Promise<void> => {
    await launched.stop();
    await createLocalTarget({ folder: join(data, 'target'), mode: 'auto', path: environment['PATH'] ?? '' }).shutdown();
    await rm(folder, { recursive: true, force: true });
  };
  const processes = async (): Promise<ServiceProcess[]> =>
    JSON.parse(await readFile(join(data, 'processes.json'), 'utf8'));
  const shops = { ...launched, watched, alerted, processes, stop };
  try {
    await Promise.all([watched, alerted].map(async (shop) => releaseFirst(shops, shop)));
    return shops;
  } catch (error) {
    await stop();
    throw error;
  }
}

// Without anybody who asks, no step is judged: the first users come with the first version.
async function releaseFirst(shops: Shops, shop: Shop): Promise<void> {
  const { runId } = await shop.push(shops);
  const timer = setInterval(() => void fetch(shop.url).catch(() => {}), 100);
  try {
    const isReleased = async (): Promise<boolean> => {
      const { run } = await shops.api.readRun(runId);
      return run.slices.observability[`production/${shop.service}`]?.step === 0;
    };
    await waitUntil(`the first version of ${shop.service}`, isReleased, { timeoutMs: 240_000, everyMs: 500 });
  } finally {
    clearInterval(timer);
  }
}
