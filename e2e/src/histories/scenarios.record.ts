import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type PlatformUnderTest } from '../platform.ts';
import { readScenarios } from '../scenarios.ts';
import { playScenario } from '../story.ts';
import { recordHistory } from './record-history.ts';

let platform: PlatformUnderTest;

beforeAll(async () => {
  platform = await startPlatform({ distributed: false, environment: { ...process.env, LEASE_MS: '3000' } });
});

afterAll(() => platform.stop());

describe('the history of a scenario', () => {
  it.each(readScenarios())('$name is recorded anew', async (scenario) => {
    const story = await playScenario(scenario, platform);

    expect(await recordHistory(scenario.name, story)).toBeGreaterThan(0);
  });
});
