import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { decidePush } from './decide-push.ts';
import { parseGithubEvent } from './parse-github-event.ts';

// The package's own types describe the file as a module, which it is not.
const examples: { name: string; examples: object[] }[] = createRequire(import.meta.url)('@octokit/webhooks-examples');
const payloads = examples.flatMap(({ name, examples: payloadsOfKind }) =>
  payloadsOfKind.map((payload) => ({ name, event: parseGithubEvent(name, payload) })),
);

describe("GitHub's own example payloads", () => {
  it('are all understood', () => {
    expect(payloads.length).toBeGreaterThan(300);
    expect(payloads.filter(({ event }) => event.kind === 'malformed')).toEqual([]);
  });

  it('begin a run where a branch moved, and nowhere else', () => {
    const decisions = payloads.flatMap(({ event }) => (event.kind === 'push' ? [decidePush(event, false)] : []));

    expect(decisions.filter(({ kind }) => kind === 'run')).toHaveLength(2);
    expect(decisions.filter(({ kind }) => kind === 'ignore')).toHaveLength(5);
  });
});
