import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@orchestra/contracts';

const services = join(import.meta.dirname, '../../services');

describe('a service without configuration', () => {
  it.each(serviceNames)('%s exits 78 and names everything that is missing', (name) => {
    const main = join(services, name, 'src/main.ts');

    const ended = spawnSync(process.execPath, ['--conditions=source', main], { env: {}, encoding: 'utf8' });

    expect(ended.stderr).toMatch(/KAFKA_BROKERS: missing[^]*SCHEMA_REGISTRY_URL: missing[^]*REDIS_URL: missing/);
    expect(ended.status).toBe(78);
  });
});
