import { describe, expect, it } from '@jest/globals';
import { createPorts, loadConfig } from './index.ts';

const runtime = {
  KAFKA_BROKERS: 'localhost:9092',
  SCHEMA_REGISTRY_URL: 'http://localhost:8081',
  REDIS_URL: 'redis://localhost',
  ARTIFACTS_DIR: '/tmp/a',
  LOGS_DIR: '/tmp/l',
};

describe('loadConfig', () => {
  it('names everything that is missing at once', () => {
    expect(() => loadConfig({})).toThrow(/GITHUB_WEBHOOK_SECRET: missing[^]*REPOSITORIES: missing/);
  });

  it('makes ports of what it needs at least', () => {
    const config = loadConfig({ ...runtime, GITHUB_WEBHOOK_SECRET: 's', REPOSITORIES: 'acme/shop, tools/*' });

    const ports = createPorts(config);

    expect(ports.forge).toBeNull();
    expect(ports.repositories.entries.map(({ pattern }) => pattern)).toEqual(['acme/shop', 'tools/*']);
  });

  it('never prints a secret', () => {
    const config = loadConfig({ ...runtime, GITHUB_WEBHOOK_SECRET: 'hush', REPOSITORIES: 'a/b', GITHUB_TOKEN: 'hush' });

    expect(JSON.stringify(config)).not.toContain('hush');
  });

  it('refuses a protocol that nobody should use', () => {
    const given = { ...runtime, GITHUB_WEBHOOK_SECRET: 's', REPOSITORIES: 'a/b', GIT_PROTOCOLS: 'ext' };

    expect(() => loadConfig(given)).toThrow(/GIT_PROTOCOLS/);
  });
});
