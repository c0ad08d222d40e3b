import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type PlatformUnderTest, type StartPlatform } from './platform.ts';
import { base, readScenarios } from './scenarios.ts';
import { playScenario } from './story.ts';

/** Plays every scenario, one after the other, against one platform of a form. */
export function testScenarios(form: string, start: StartPlatform): void {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await startPlatform(start);
  });

  afterAll(() => platform.stop());

  describe(`the platform, ${form}`, () => {
    it.each(readScenarios())('$name: $story', async (scenario) => {
      expect.hasAssertions();
      await playScenario(scenario, platform, base);
    });
  });
}
