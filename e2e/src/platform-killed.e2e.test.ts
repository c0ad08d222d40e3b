import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type PlatformUnderTest } from './platform.ts';
import { readScenario } from './scenario.ts';
import { base } from './scenarios.ts';
import { playScenario } from './story.ts';

const scenario = readScenario(join(base, '..'), 'platform-killed');
let platform: PlatformUnderTest;

beforeAll(async () => {
  const environment = { ...process.env, LEASE_MS: '2000', REAP_MS: '500' };
  platform = await startPlatform({ distributed: false, environment });
});

afterAll(() => platform.stop());

describe('the platform in one process', () => {
  it(`${scenario.name}: ${scenario.story}`, async () => {
    expect.hasAssertions();
    await playScenario(scenario, platform, base);
  });
});
