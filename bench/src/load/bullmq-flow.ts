import { FlowProducer, QueueEvents, type ConnectionOptions, type FlowJob } from 'bullmq';
import { steps, type LoadPlace } from './place.ts';
import type { Sender } from './sender.ts';

export function queueOf(step: string): string {
  return `bench-${step}`;
}

export function connectionOf(redisUrl: string): ConnectionOptions {
  const { hostname, port } = new URL(redisUrl);
  return { host: hostname, port: Number(port), maxRetriesPerRequest: null };
}

/** Adds flows of five jobs, each the parent of the one before it, and hears of the end of the last one. */
export async function startBullmqSender({ redisUrl, queues }: LoadPlace): Promise<Sender> {
  const options = { connection: connectionOf(redisUrl), prefix: queues };
  const flows = new FlowProducer(options);
  const events = new QueueEvents(queueOf(steps[steps.length - 1] ?? ''), options);
  let tell: ((id: string) => void) | null = null;
  events.on('completed', ({ jobId }) => tell?.(jobId));
  await Promise.all([flows.waitUntilReady(), events.waitUntilReady()]);
  return {
    begin: async (ids) => {
      await flows.addBulk(ids.map(flowOf));
    },
    onEnd: (ended) => {
      tell = ended;
    },
    async close() {
      await events.close();
      await flows.close();
    },
  };
}

// Finished jobs are removed, as one has to where runs never end; ours expire.
const opts = { removeOnComplete: true };

function flowOf(id: string): FlowJob {
  let flow: FlowJob | null = null;
  for (const step of steps) {
    const jobId = step === steps[steps.length - 1] ? id : `${id}-${step}`;
    const children: FlowJob[] = flow === null ? [] : [flow];
    flow = { name: step, queueName: queueOf(step), data: { run: id }, opts: { ...opts, jobId }, children };
  }
  if (flow === null) throw new TypeError('There are no steps');
  return flow;
}
