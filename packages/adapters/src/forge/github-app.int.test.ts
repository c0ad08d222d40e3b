import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aGithubDelivery, startFakeGithubApp, type FakeGithubApp } from '@orchestra/testkit';
import { createGithubDeliveries, type Deliveries, type GithubAppOptions } from './index.ts';

let github: FakeGithubApp;
const signal = AbortSignal.timeout(15_000);
const since = new Date('2026-01-01T00:00:00Z');

beforeEach(async () => {
  github = await startFakeGithubApp();
});

afterEach(() => github.close());

function open(change: Partial<GithubAppOptions> = {}): Deliveries {
  const { url: baseUrl, appId, privateKey } = github;
  const limits = { requestMs: 500, totalMs: 3000, retries: 2, retryBaseMs: 1 };
  return createGithubDeliveries({ baseUrl, appId, privateKey, ...limits, ...change });
}

describe('the deliveries of a GitHub App', () => {
  it('are listed as the App itself, up to a time', async () => {
    github.deliveries.push(
      aGithubDelivery({ id: 2, guid: 'b', status_code: 202 }),
      aGithubDelivery({ id: 1, guid: 'a', delivered_at: '2025-12-31T23:59:59Z' }),
    );

    expect(await open().listSince(since, signal)).toEqual([
      { id: 2, guid: 'b', event: 'push', deliveredAt: since, statusCode: 202, redelivery: false },
    ]);
  });

  it('are read page by page, and no page behind the time', async () => {
    const many = Array.from({ length: 250 }, (_, index) => aGithubDelivery({ id: 1000 - index, guid: `g${index}` }));
    github.deliveries.push(...many, ...many.map((each) => ({ ...each, delivered_at: '2025-12-01T00:00:00Z' })));

    expect(await open().listSince(since, signal)).toHaveLength(250);
    expect(github.seen).toHaveLength(3);
  });

  it('are asked for again', async () => {
    github.deliveries.push(aGithubDelivery({ id: 7 }));

    await open().askAgain(7, signal);

    expect(github.askedAgain).toEqual([7]);
  });

  it('are refused to another App', async () => {
    await expect(open({ appId: '1' }).listSince(since, signal)).rejects.toMatchObject({ code: 'FORGE_REFUSED' });
  });

  it('are not waited for without end', async () => {
    github.next.push(null, null, null, null);

    await expect(open().listSince(since, signal)).rejects.toMatchObject({ code: 'FORGE_UNAVAILABLE', retriable: true });
  });
});
