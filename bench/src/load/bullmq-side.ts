import { Worker } from 'bullmq';
import { connectionOf, queueOf } from './bullmq-flow.ts';
import { steps, type LoadPlace } from './place.ts';

/** BullMQ as one would write it: a queue and a worker for each step, with room for as many jobs as a stage of ours. */
export async function startBullmqSide({ redisUrl, queues }: LoadPlace): Promise<() => Promise<void>> {
  const workers = steps.map((step) => {
    const worker = new Worker(queueOf(step), async () => ({ outcome: 'SUCCESS' }), {
      connection: connectionOf(redisUrl),
      prefix: queues,
      concurrency: 8,
    });
    worker.on('error', (error) => process.stderr.write(`bullmq: ${error.message}\n`));
    return worker;
  });
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  return async () => {
    await Promise.all(workers.map((worker) => worker.close()));
  };
}
