import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type PlatformUnderTest } from './platform.ts';
import { readScenario } from './scenario.ts';
import { base } from './scenarios.ts';
import { playScenario } from './story.ts';

// Short periods: the sibling has the job as soon as the lease is over.
const periods = { LEASE_MS: '2000', REAP_MS: '500', SESSION_MS: '2000' };
let platform: PlatformUnderTest;

beforeAll(async () => {
  const environment = { ...process.env, ...periods };
  platform = await startPlatform({ distributed: true, replicas: ['build=2', 'rollback=2'], environment });
});

afterAll(() => platform.stop());

describe('the platform as processes', () => {
  it.each([readScenario(join(base, '..'), 'replicas-killed'), readScenario(join(base, '..'), 'deploy-killed')])(
    '$name: $story',
    async (scenario) => {
      expect.hasAssertions();
      await playScenario(scenario, platform, base);
    },
  );
});
