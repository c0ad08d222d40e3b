import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { readPage } from './read-page.ts';

describe('readPage', () => {
  let app: HttpFake;
  beforeAll(async () => {
    app = await startHttpFake(() => ({ status: 200, body: 'ok' }));
  });
  afterAll(async () => app.close());

  it.each([
    { status: 200, page: '"ok"' },
    { status: 302, page: '"ok"' },
    { status: 404, page: null },
    { status: 503, page: null },
  ])('takes an answer of $status for $page, and follows no redirect', async ({ status, page }) => {
    const before = app.seen.length;
    app.next.push({ status, headers: { location: '/elsewhere' }, body: 'ok' });

    expect(await readPage({ port: Number(new URL(app.url).port), path: '/' })).toBe(page);
    expect(app.seen).toHaveLength(before + 1);
  });
});
