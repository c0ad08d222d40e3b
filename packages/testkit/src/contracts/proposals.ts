import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProposalRequest, Proposals } from '@orchestra/adapters/openai';

/** A model that proposes, and what it is made to do. */
export interface ProposalsUnderTest {
  proposals: Proposals;
  /** How often it was asked. */
  asked(): number;
  /** What it does at the next question instead of proposing `main.tf`. */
  next(misbehaviour: 'is down' | 'refuses' | 'is silent'): void;
  close(): Promise<void>;
}

/** A question about a small shop. */
export const aProposalRequest: ProposalRequest = {
  tool: 'terraform',
  environment: 'production',
  folder: 'infra',
  deployment: { environments: ['production'], services: [{ name: 'web', port: 8080, replicas: 2 }] },
  files: ['package.json', 'server.js'],
  manifests: { 'package.json': '{"name":"shop"}' },
};

/** The contract of what proposes configurations. */
export function testProposals(name: string, open: () => Promise<ProposalsUnderTest>): void {
  describe(`the proposals of ${name}`, () => {
    let world: ProposalsUnderTest;
    const ask = (signal = new AbortController().signal) => world.proposals.propose(aProposalRequest, signal);

    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    it('are files with texts, for one question', async () => {
      const files = await ask();

      expect(files).toEqual([{ path: 'main.tf', content: expect.stringContaining('terraform') }]);
      expect(world.asked()).toBe(1);
    });

    it.each([
      ['is down', 'MODEL_UNAVAILABLE', true],
      ['refuses', 'MODEL_REFUSED', false],
    ] as const)('are an error where the model %s, and it is not asked again', async (misbehaviour, code, retriable) => {
      world.next(misbehaviour);

      await expect(ask()).rejects.toMatchObject({ code, retriable });
      expect(world.asked()).toBe(1);
    });

    it('are no longer waited for when they are given up', async () => {
      const over = new AbortController();
      world.next('is silent');

      const asked = ask(over.signal);
      over.abort(new Error('given up'));

      await expect(asked).rejects.toThrow('given up');
    });
  });
}
