import { startFakeGithub, testForge } from '@orchestra/testkit';
import { createGithubForge } from './index.ts';

// GitHub shows the newest status of each context.
testForge('GitHub over HTTP', async () => {
  const github = await startFakeGithub();
  const limits = { requestMs: 2_000, totalMs: 10_000, retries: 2, retryBaseMs: 1 };
  return {
    forge: createGithubForge({ baseUrl: github.url, token: 't', ...limits }),
    shown() {
      const newest = new Map(
        github.statuses.map(({ commit, context, state, description }) => [
          `${commit} ${context}`,
          { commit, context, state: stateOf(state), description },
        ]),
      );
      return [...newest.values()];
    },
    close: () => github.close(),
  };
});

function stateOf(word: string): 'pending' | 'success' | 'failure' | 'error' {
  return (['pending', 'success', 'failure'] as const).find((state) => state === word) ?? 'error';
}
