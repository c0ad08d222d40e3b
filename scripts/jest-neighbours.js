// Jest's global set-up of the tiers that need real neighbours: whatever has no address in the environment is brought up.
// It is a process of its own, for jest loads this file without the conditions under which our packages are sources.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const addresses = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'REDIS_URL'];

export default async function setUp() {
  if (addresses.every((name) => (process.env[name] ?? '') !== '')) return;

  const script = join(import.meta.dirname, 'neighbours.ts');
  const child = spawn(process.execPath, ['--conditions=source', script, '--until-stdin-ends'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    if (line === '') break;
    const [name, value] = [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)];
    process.env[name] = value;
  }
  if (child.exitCode !== null) throw new Error('the neighbours did not start');
  globalThis.stopNeighbours = async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
}
