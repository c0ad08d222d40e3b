// `npm run demo`: the main job on the embedded platform. With --distributed it runs on a real Kafka, registry and Redis,
// which are brought up before and stopped after.
import { startNeighbours } from '@orchestra/testkit/neighbours';
import { runCommand, say } from './run-command.ts';

const options = process.argv.slice(2);
const args = ['--conditions=source', 'apps/cli/src/main.ts', 'demo', ...options];

if (options.includes('--distributed')) {
  say('demo: bringing up Kafka, the schema registry and Redis');
  const neighbours = await startNeighbours();
  await runDemo(neighbours.environment);
  await neighbours.stop();
} else {
  await runDemo({});
}

async function runDemo(env: Record<string, string>): Promise<void> {
  const { code } = await runCommand({ command: process.execPath, args, env, shown: true });
  process.exitCode = code;
}
