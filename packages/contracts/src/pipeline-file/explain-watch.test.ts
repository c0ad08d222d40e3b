import { describe, expect, it } from '@jest/globals';
import { explainObservability } from './explain-watch.ts';
import { parsePipelineFile } from './parse-pipeline-file.ts';

function explain(observability: object): string {
  const deployment = { services: [{ name: 'web', command: 'node main.js', port: 80 }] };
  const parsed = parsePipelineFile(JSON.stringify({ project: { name: 'shop' }, deployment, observability }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return explainObservability(parsed.plan);
}

describe('explainObservability', () => {
  it('says no more than there is', () => {
    expect(explain({})).toBe(
      'watches each step for 1 min and the release for 30 min, every 5 s; unhealthy: errors above 5 %, 3 times in a row; if unclear: abort',
    );
  });

  it('says what else makes a release unhealthy', () => {
    const explained = explain({
      interval_seconds: 1,
      failure_window: 5,
      warm_up_seconds: 20,
      probes: ['/health'],
      prometheus: { queries: [{ name: 'queue', query: 'q' }] },
      baseline: { with: 'previous' },
      objectives: [{ sli: 'queue', pass: [{ criteria: ['<5'] }] }],
    });

    expect(explained).toContain('errors above 5 %, 3 of 5 times');
    expect(explained).toContain('; begins after 20 s; also when a probe does not answer (/health)');
    expect(explained).toContain('process_restarts, queue; also when worse than what served before it by 25 % or more');
    expect(explained).toContain('; also when its objectives reach less than 75 %; if unclear: abort');
  });
});
