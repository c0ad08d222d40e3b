import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const launcher = join(import.meta.dirname, '../../apps/cli/bin/orchestra.js');

/** Runs the init job against the servers that the environment names: topics, schemas, store. Safe to repeat. */
export async function runInitJob(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  await run(process.execPath, [launcher, 'init'], { env: { ...environment, TOPIC_REPLICAS: '1' } });
}
