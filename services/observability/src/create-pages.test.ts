import { describe, expect, it } from '@jest/globals';
import { createPages } from './create-pages.ts';

const metrics = 'http_requests_total{code="200"} 9\nhttp_requests_total{code="500"} 1\n';
const signal = new AbortController().signal;
const here = { target: 'acme/shop/production/web', namespace: null, release: 'r2' };
const there = { ...here, namespace: 'shop' };

/** Two processes on this machine that answer everything, and two pods of which one answers only `/metrics`. */
const pages = createPages(
  { pages: async ({ path }) => [path, path] },
  {
    pages: async ({ paths }) => [paths.map(() => metrics), paths.map((path) => (path === '/metrics' ? metrics : null))],
  },
);

describe('createPages', () => {
  it('counts the pages that did not answer, over all processes or pods', async () => {
    const paths = ['/health', '/metrics'];

    expect(await pages.failedRatio({ ...here, paths }, signal)).toBe(0);
    expect(await pages.failedRatio({ ...there, paths }, signal)).toBe(0.25);
  });

  it('has no share where there is nothing to ask', async () => {
    const none = createPages({ pages: async () => [] }, { pages: async () => [] });

    expect(await none.failedRatio({ ...here, paths: ['/'] }, signal)).toBeNull();
    expect(await none.failedRatio({ ...there, paths: ['/'] }, signal)).toBeNull();
    expect(await none.appMetrics({ ...there, path: '/metrics' }, signal)).toBeNull();
  });

  it('adds up what the pods of a release say about themselves, if all of them do', async () => {
    expect(await pages.appMetrics({ ...there, path: '/metrics' }, signal)).toMatchObject({ requests: 20, errors: 2 });
    expect(await pages.appMetrics({ ...there, path: '/stats' }, signal)).toBeNull();
  });
});
