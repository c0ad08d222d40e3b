import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames, type ServiceName } from '@orchestra/contracts';

const services = join(import.meta.dirname, '../../services');

const neededByAll = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'REDIS_URL', 'ARTIFACTS_DIR', 'LOGS_DIR'];
const neededToo: Partial<Record<ServiceName, readonly string[]>> = {
  gitops: ['GITHUB_WEBHOOK_SECRET', 'REPOSITORIES'],
};

describe('a service without configuration', () => {
  it.each(serviceNames)('%s exits 78 and names everything that is missing', (name) => {
    const main = join(services, name, 'src/main.ts');

    const ended = spawnSync(process.execPath, ['--conditions=source', main], { env: {}, encoding: 'utf8' });

    const named = [...ended.stderr.matchAll(/^ {2}(\w+): missing$/gm)].map(([, missing]) => missing);
    expect(named).toEqual([...neededByAll, ...(neededToo[name] ?? [])]);
    expect(ended.status).toBe(78);
  });
});
