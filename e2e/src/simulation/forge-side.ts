import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import { createPushes, type Push } from './draw-push.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import type { World } from './world.ts';

interface Parts {
  world: World;
  cluster: Cluster;
  timeline: Timeline;
  random: Random;
}

const answer = z.object({ runId: z.string() });

/** The forge: repositories that people push to, and webhooks that it delivers, sometimes again. */
export function createForgeSide({ world, cluster, timeline, random }: Parts): { push(): void } {
  const drawPush = createPushes(world, random);
  return {
    push() {
      const made = drawPush();
      deliver(made, 3);
      if (random.chance(0.2)) timeline.after(random.next() * 60_000, null, () => deliver(made, 1));
      // The same content by another name.
      const copy = { ...made, delivery: `${made.delivery}-copy` };
      if (random.chance(0.1)) timeline.after(random.next() * 60_000, null, () => deliver(copy, 1));
    },
  };

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
