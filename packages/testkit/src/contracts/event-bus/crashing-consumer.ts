// A process that consumes one record and is killed before it can say so: `node crashing-consumer.ts ORDER`.
import type { CrashModule } from './harness.ts';

interface Order {
  module: string;
  argument: string;
  group: string;
  topic: string;
}

const order: Order = JSON.parse(process.argv[2] ?? '{}');
const { open }: CrashModule = await import(order.module);
const bus = await open(order.argument);
let taken = 0;

await bus.subscribe({
  group: order.group,
  topics: [order.topic],
  restMs: 1000,
  onRecord: async ({ value }) => {
    process.stdout.write(`${value?.toString()}\n`);
    taken += 1;
    // The first record is done; the second has had its effect, and its position was not committed.
    if (taken === 2) process.kill(process.pid, 'SIGKILL');
    return 'done';
  },
});
