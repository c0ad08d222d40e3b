import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type PlatformUnderTest } from './platform.ts';
import { readScenario } from './scenario.ts';
import { base } from './scenarios.ts';
import { playScenario } from './story.ts';

const root = join(base, '..');
let platform: PlatformUnderTest;

// Every period as it is in production: nothing but the environment of this process.
beforeAll(async () => {
  platform = await startPlatform({ distributed: false, environment: process.env });
});

afterAll(() => platform.stop());

describe("the platform with production's periods", () => {
  it.each([readScenario(root, '06-canary-breaches'), readScenario(root, '09-cancelled-run')])(
    '$name: $story',
    async (scenario) => {
      expect.hasAssertions();
      await playScenario(scenario, platform, base);
    },
  );
});
