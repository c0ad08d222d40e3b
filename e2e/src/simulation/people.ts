import { parseTarget } from '@orchestra/contracts';
import { answerAll, chooseOrder, type Order, type Seen } from './choose-order.ts';
import type { Cluster } from './cluster.ts';
import type { Random } from './random.ts';
import { token } from './starters.ts';
import type { World } from './world.ts';

interface Parts {
  world: World;
  cluster: Cluster;
  random: Random;
}

/** People who look at the dashboard and press buttons. */
export interface People {
  /** Orders something, at what may be the worst moment. */
  meddle(): void;
  /** Answers what waits for a person. */
  attend(): void;
}

/** Creates people with a token that allows everything. */
export function createPeople({ world, cluster, random }: Parts): People {
  const { store } = world;
  let count = 0;
  return {
    meddle: () => void meddle(),
    attend: () => void attend(),
  };

  async function meddle(): Promise<void> {
    const chosen = chooseOrder(await look(), random);
    if (chosen !== null) await order(chosen);
  }

  async function attend(): Promise<void> {
    for (const answer of answerAll(await look(), random)) await order(answer);
  }

  async function look(): Promise<Seen> {
    const targets = (await store.listTargets(null)).map(({ target }) => parseTarget(target));
    const runs = await store.listRuns({ repository: null, limit: 50, before: null });
    return { runs, targets, quarantine: await store.readQuarantine('acme/shop') };
  }

  async function order({ path, body }: Order): Promise<void> {
    count += 1;
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': `order-${count}` };
    await cluster.request('chatops', {
      method: 'POST',
      url: `/api/v1${path}`,
      headers,
      body: JSON.stringify(body),
    });
  }
}
