import type { Cluster } from './cluster.ts';
import { drawTraits, traitsFile } from './commit.ts';
import { drawShape, writePipeline, type Shape } from './pipeline-text.ts';
import type { Random } from './random.ts';
import { cloneTemplate } from './starters.ts';
import type { Timeline } from './timeline.ts';
import type { World } from './world.ts';
import { z } from 'zod';

interface Parts {
  world: World;
  cluster: Cluster;
  timeline: Timeline;
  random: Random;
}

interface Push {
  delivery: string;
  repository: string;
  ref: string;
  commit: string;
  before: string;
}

const answer = z.object({ runId: z.string() });
const zero = '0'.repeat(40);

/** The forge: repositories that people push to, and webhooks that it delivers, sometimes again. */
export function createForgeSide({ world, cluster, timeline, random }: Parts): { push(): void } {
  const shapes = new Map<string, Shape>();
  const heads = new Map<string, string>();
  const repositories = random.chance(0.3) ? ['acme/shop', 'acme/api'] : ['acme/shop'];
  let count = 0;
  return {
    push() {
      const made = makePush();
      deliver(made, 3);
      if (random.chance(0.2)) timeline.after(random.next() * 60_000, null, () => deliver(made, 1));
      // The same content by another name.
      const copy = { ...made, delivery: `${made.delivery}-copy` };
      if (random.chance(0.1)) timeline.after(random.next() * 60_000, null, () => deliver(copy, 1));
    },
  };

  function makePush(): Push {
    count += 1;
    const repository = random.find(repositories) ?? 'acme/shop';
    const ref = `refs/heads/${random.pick(['main', 'main', 'main', 'dev', 'fix'])}`;
    const commit = Array.from({ length: 40 }, () => random.whole(0, 15).toString(16)).join('');
    const url = cloneTemplate.replaceAll('{repository}', repository);
    const shape = shapes.get(repository) ?? drawShape(random);
    shapes.set(repository, shape);
    const pipeline = random.chance(0.04) ? '{ not a pipeline' : writePipeline(shape);
    const traits = JSON.stringify(drawTraits(random));
    const files = { 'devops_orchestra.yaml': pipeline, [traitsFile]: traits, commit, Dockerfile: 'FROM scratch' };
    world.outside.repositories.commit(url, commit, files);
    world.outside.repositories.move(url, ref, commit);
    const before = heads.get(`${repository} ${ref}`) ?? zero;
    heads.set(`${repository} ${ref}`, commit);
    return { delivery: `delivery-${count}`, repository, ref, commit, before };
  }

  function deliver(push: Push, tries: number): void {
    void tell(push).then((heard) => {
      if (heard || tries <= 1 || random.chance(0.3)) return;
      timeline.after(1_000 + random.next() * 30_000, null, () => deliver(push, tries - 1));
    });
  }

  /** Whether the platform said that it has the push. */
  async function tell(push: Push): Promise<boolean> {
    const { delivery, repository, ref, commit, before } = push;
    const headers = { 'x-github-event': 'push', 'x-github-delivery': delivery };
    const author = { name: 'ada' };
    const head_commit = { message: 'A change', author };
    const payload = { ref, before, after: commit, deleted: false, repository: { full_name: repository }, head_commit };
    const body = JSON.stringify({ ...payload, pusher: author });
    const heard = await cluster.request('gitops', { method: 'POST', url: '/webhooks/github', headers, body });
    if (heard === null || heard.status >= 300) return false;
    const said = answer.safeParse(JSON.parse(heard.body));
    if (!said.success) return true;
    const { runId } = said.data;
    world.pushes.push({ delivery, runId, repository, ref, commit, at: world.clock.now().toISOString() });
    return true;
  }
}
