import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type PlatformUnderTest, type StartPlatform } from './platform.ts';
import type { Scenario } from './scenario.ts';
import { playScenario } from './story.ts';

/** Plays scenarios, one after the other, against one platform. `about` ends the sentence "the platform …". */
export function testScenarios(about: string, start: StartPlatform, scenarios: readonly Scenario[]): void {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await startPlatform(start);
  });

  afterAll(() => platform.stop());

  describe(`the platform ${about}`, () => {
    it.each(scenarios)('$name: $story', async (scenario) => {
      expect.hasAssertions();
      await playScenario(scenario, platform);
    });
  });
}
