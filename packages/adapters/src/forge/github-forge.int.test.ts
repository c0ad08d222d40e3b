import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeGithub, type FakeGithub } from '@orchestra/testkit';
import { createGithubForge, type CommitStatus, type Forge } from './index.ts';

let github: FakeGithub;
let forge: Forge;

const status: CommitStatus = {
  repository: 'acme/shop',
  commit: 'a'.repeat(40),
  context: 'orchestra/build',
  state: 'pending',
  description: 'Running',
  url: 'https://ci.example.com/runs/1',
};
const signal = AbortSignal.timeout(15_000);

beforeEach(async () => {
  github = await startFakeGithub();
  forge = createGithubForge({
    baseUrl: github.url,
    token: 't',
    requestMs: 500,
    totalMs: 3000,
    retries: 2,
    retryBaseMs: 1,
  });
});

afterEach(() => github.close());

describe('the GitHub forge', () => {
  it('shows a status beside its commit', async () => {
    await forge.setStatus(status, signal);

    const { url, ...shown } = status;
    expect(github.statuses).toEqual([{ ...shown, target_url: url }]);
  });

  it('cuts a description that GitHub would refuse', async () => {
    await forge.setStatus({ ...status, description: 'x'.repeat(500) }, signal);

    expect(github.statuses[0]?.description).toHaveLength(140);
  });

  it('tries again when the forge fails for a moment', async () => {
    github.next.push({ status: 502 }, { status: 500 });

    await forge.setStatus(status, signal);

    expect(github.statuses).toHaveLength(1);
    expect(github.seen).toHaveLength(3);
  });

  it.each([
    { answer: { status: 401, body: { message: 'Bad credentials' } }, code: 'FORGE_REFUSED', retriable: false },
    { answer: { status: 404, body: { message: 'Not Found' } }, code: 'FORGE_REFUSED', retriable: false },
    { answer: { status: 422, body: { message: 'Validation Failed' } }, code: 'FORGE_REFUSED', retriable: false },
    {
      answer: { status: 403, body: { message: 'API rate limit exceeded' } },
      code: 'FORGE_UNAVAILABLE',
      retriable: true,
    },
  ])('says $code at $answer.status', async ({ answer, code, retriable }) => {
    github.next.push(answer, answer, answer);

    await expect(forge.setStatus(status, signal)).rejects.toMatchObject({ code, retriable });
  });

  it('gives up on a forge that never answers, at the end of its time', async () => {
    github.next.push(null, null, null, null);

    await expect(forge.setStatus(status, signal)).rejects.toMatchObject({ code: 'FORGE_UNAVAILABLE', retriable: true });
  });
});
