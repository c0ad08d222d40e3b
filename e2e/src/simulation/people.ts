import { parseTarget, type RunState, type Target } from '@orchestra/contracts';
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
  let count = 0;
  return {
    meddle() {
      void chooseOrder().then((chosen) => (chosen === null ? undefined : order(...chosen)));
    },
    attend: () => void attendAll(),
  };

  async function listRuns(): Promise<RunState[]> {
    return world.store.listRuns({ repository: null, limit: 50, before: null });
  }

  async function listTargets(): Promise<Target[]> {
    return (await world.store.listTargets(null)).map(({ target }) => parseTarget(target));
  }

  async function chooseOrder(): Promise<[string, object] | null> {
    const runs = await listRuns();
    const run = random.find(runs);
    switch (random.pick(['cancel', 'retry', 'retry', 'rollback', 'answer', 'let out', 'resolve'])) {
      case 'cancel':
        return run === null ? null : [`/runs/${run.runId}/cancel`, {}];
      case 'retry':
        return run === null ? null : [`/runs/${run.runId}/retry`, retryOf(run)];
      case 'rollback':
        return orderTarget('rollback', await listTargets());
      case 'resolve':
        return orderTarget('resolve', await listTargets());
      case 'answer':
        return run === null ? null : answerTo(run);
      case 'let out':
        return letOut();
    }
  }

  function retryOf(run: RunState): object {
    const unit = random.chance(0.5) ? null : random.find(Object.keys(run.units));
    return { unit, force: random.chance(0.4) };
  }

  function orderTarget(what: string, targets: readonly Target[]): [string, object] | null {
    const target = random.find(targets);
    if (target === null) return null;
    const { repository, environment, service } = target;
    return [`/targets/${repository}/${environment}/${service}/${what}`, {}];
  }

  function answerTo(run: RunState): [string, object] | null {
    const unit = random.find(Object.keys(run.units).filter((name) => name.startsWith('deploy/')));
    return unit === null ? null : [`/runs/${run.runId}/${random.pick(['approve', 'reject'])}`, { unit }];
  }

  async function letOut(): Promise<[string, object] | null> {
    const repository = 'acme/shop';
    const entry = random.find(await world.store.readQuarantine(repository));
    return entry === null ? null : ['/quarantine/release', { repository, key: entry.key }];
  }

  async function order(path: string, body: object): Promise<void> {
    count += 1;
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': `order-${count}` };
    const url = `/api/v1${path}`;
    await cluster.request('chatops', { method: 'POST', url, headers, body: JSON.stringify(body) });
  }

  async function attendAll(): Promise<void> {
    for (const run of await listRuns()) {
      for (const [unit, { status, reason }] of Object.entries(run.units)) {
        if (status !== 'waiting' || reason !== 'health_unclear') continue;
        await order(`/runs/${run.runId}/${random.pick(['approve', 'reject'])}`, { unit });
      }
    }
    for (const { blocked, repository, environment, service } of await listTargets()) {
      if (blocked !== null) await order(`/targets/${repository}/${environment}/${service}/resolve`, {});
    }
  }
}
