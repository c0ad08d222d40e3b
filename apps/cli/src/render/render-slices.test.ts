import { describe, expect, it } from '@jest/globals';
import type { Check, Finding, Slices } from '@orchestra/contracts';
import { noSlices } from '../shown-run.fixture.ts';
import { plain } from './paint.ts';
import { renderSlices } from './render-slices.ts';

function render(slices: Partial<Slices>): string[] {
  return renderSlices({ ...noSlices, ...slices }, plain);
}

const digest = `sha256:${'d'.repeat(64)}`;
const finding: Finding = {
  tool: 'oxlint',
  rule: 'no-debugger',
  path: 'src/a.js',
  line: 3,
  severity: 'error',
  message: 'No\ndebugger',
};
const breach: Check = {
  metric: 'error_rate',
  value: 19.876_54,
  threshold: 5,
  baseline: 0.1,
  verdict: 'BREACH',
};

describe('renderSlices', () => {
  it('is empty where no service did anything', () => {
    expect(render({})).toEqual([]);
  });

  it('says in few words that nothing was released, nor watched', () => {
    const target = 'production/shop';
    const release = { release: null, version: null, previousRelease: null };
    const rollout = { ...release, strategy: 'none', state: 'skipped', step: 0, steps: 0, weightPercent: 0, epoch: 0 };
    const watch = {
      release: null,
      verdict: 'ended',
      samples: 0,
      step: 0,
      epoch: 0,
      checks: [],
      reason: 'halted',
    } as const;

    expect(
      render({
        deploy: { [target]: { ...rollout, url: null, waitsFor: null } },
        observability: { [target]: watch },
      }),
    ).toEqual(['nothing was released to production/shop', 'production/shop was not watched: halted']);
  });

  it('shows what is wrong with the pipeline file, with its frame, and denied licences', () => {
    const problem = { path: 'x', line: 5, column: 1, message: 'Unknown key', suggestion: 'Use y', frame: '> 5 | x:' };
    const licenses = [
      { name: 'left', version: '1.0.0', license: 'GPL-3.0', verdict: 'denied' as const },
      { name: 'right', version: '1.0.0', license: 'MIT', verdict: 'allowed' as const },
    ];

    const source = { planDigest: null, snapshotDigest: null, baseCommit: null, changedFiles: null };
    const lines = render({ gitops: { source: { ...source, problems: [problem], warnings: [], licenses } } });

    expect(lines).toEqual([
      'pipeline file:5:1: error: Unknown key',
      '> 5 | x:',
      '  = Use y',
      'licence denied: left 1.0.0 (GPL-3.0)',
    ]);
  });

  it('shows what was built, by the name under which it is deployed', () => {
    const archive = { name: 'shop', kind: 'ARCHIVE' as const, digest, sizeBytes: 2048, reference: null };

    expect(render({ build: { result: { tool: 'npm', artifacts: [archive], durationMs: 1200 } } })).toEqual([
      'build: 1 artifact by npm in 1.20 s',
      `  shop  2.0 KiB  ${digest}`,
    ]);
  });

  it('shows findings with file and line, and how many more there are', () => {
    const tools = [
      { name: 'oxlint', verdict: 'ran' as const, detail: null },
      { name: 'bandit', verdict: 'not_installed' as const, detail: null },
    ];
    const slice = { tools, findings: [finding, { ...finding, line: null }], allFindings: 5, newFindings: 2 };

    expect(render({ 'code-analysis': { source: slice } })).toEqual([
      'analysis of the source: 5 findings, 2 new (oxlint)',
      '  bandit: not installed',
      '  src/a.js:3  error  No debugger  no-debugger',
      '  src/a.js  error  No debugger  no-debugger',
      '  3 more',
    ]);
  });

  it('shows what failed of the tests, with the beginning of its message', () => {
    const message = ['expected 3', '', ...Array.from({ length: 20 }, (_, line) => `line ${line}`)].join('\n');
    const report = {
      framework: 'jest',
      passed: 12,
      failed: 2,
      skipped: 1,
      flaky: 1,
      lineCoveragePercent: 80.25,
      failures: [{ name: 'adds', file: 'a.test.js', message }],
      durationMs: 10,
    };

    const lines = render({ test: { report } });

    expect(lines.slice(0, 3)).toEqual([
      'tests: 12 passed, 2 failed, 1 skipped, 1 flaky, 80.3 % of lines covered (jest)',
      '  failed  adds  a.test.js',
      '      expected 3',
    ]);
    expect(lines.at(-1)).toBe('  1 more');
    expect(lines.length).toBeLessThan(10);
  });

  it('shows what a plan of infrastructure would do, and names what it destroys', () => {
    const slice = {
      tool: 'terraform',
      phase: 'planned' as const,
      generation: 1,
      planDigest: digest,
      toAdd: 1,
      toChange: 2,
      toDestroy: 1,
      destroys: ['aws_instance.web'],
      outputs: { address: '10.0.0.1' },
      sensitiveOutputs: [{ tool: 'terraform', state: 'acme/shop/production', output: 'key' }],
    };

    expect(render({ iac: { production: slice } })).toEqual([
      'infrastructure of production: 1 to add, 2 to change, 1 to destroy; planned (terraform)',
      '  destroys  aws_instance.web',
      '  address = 10.0.0.1',
      '  key: sensitive, in the state of acme/shop/production (terraform)',
    ]);
  });

  it('shows whom a plan waits for, what for, and what has drifted', () => {
    const question = { digest, approvers: ['ada', 'grace'], until: '2026-01-02T00:00:00Z' };
    const drift = { at: '2026-01-01T00:00:00Z', found: 'drifted' as const, drifted: ['db.a'], message: null };
    const counts = { toAdd: 1, toChange: 0, toDestroy: 1, destroys: ['db.a'], replaces: ['db.a'], outputs: {} };
    const slice = { tool: 'tofu', phase: 'waiting' as const, generation: 1, planDigest: digest, ...counts };

    expect(render({ iac: { production: { ...slice, changes: ['-/+ db.a: size = 1 → 2'], question, drift } } })).toEqual(
      [
        'infrastructure of production: 1 to add, 0 to change, 1 to destroy; waiting (tofu)',
        '  makes anew  db.a',
        '  -/+ db.a: size = 1 → 2',
        `  waits for ada or grace until 2026-01-02T00:00:00Z, to approve ${digest}`,
        '  drifted  db.a (2026-01-01T00:00:00Z)',
      ],
    );
  });

  it('shows what is being destroyed, and whom that waits for', () => {
    const question = { digest, approvers: [], until: '2026-01-02T00:00:00Z' };
    const counts = { toAdd: 0, toChange: 0, toDestroy: 1, destroys: ['db.a'], planDigest: digest, tool: 'tofu' };
    const removal = { ...counts, phase: 'waiting' as const, generation: 1, question, jobId: 'j', ended: null };
    const slice = { ...counts, destroys: [], phase: 'applied' as const, generation: 1, outputs: {}, removal };

    expect(render({ iac: { preview: slice } })).toEqual([
      'infrastructure of preview: 0 to add, 0 to change, 1 to destroy; applied (tofu)',
      'destroying the infrastructure of preview: waits',
      '  destroys  db.a',
      `  waits for a person until 2026-01-02T00:00:00Z, to approve ${digest}`,
    ]);
  });

  it('shows how far a release has come, what was measured of it, and what was taken back', () => {
    const lines = render({
      deploy: {
        'production/shop': {
          release: 'r2',
          version: digest,
          previousRelease: 'r1',
          strategy: 'canary',
          state: 'stepping',
          step: 1,
          steps: 3,
          weightPercent: 20,
          epoch: 4,
          url: 'http://127.0.0.1:8100',
          replicas: { ready: 2, wanted: 3 },
          waitsFor: 'health',
        },
      },
      observability: {
        'production/shop': {
          release: 'r2',
          epoch: 4,
          step: 1,
          verdict: 'breach',
          samples: 120,
          checks: [breach, { ...breach, metric: 'p95', value: null, baseline: null, verdict: 'NO_DATA' }],
          reason: 'error_rate',
          judgement: {
            score: 62.5,
            warnings: ['p95'],
            comparisons: [],
            objectives: [],
            problems: ['web-1: gone\nboom'],
          },
        },
      },
      rollback: {
        'production/shop': {
          decision: 'restore',
          reason: 'breach',
          fromRelease: 'r2',
          toRelease: 'r1',
          epoch: 5,
          outcome: 'success',
          compared: [],
        },
      },
    });

    expect(lines).toEqual([
      'release r2 in production/shop: canary stepping, step 1 of 3, 20 % of the traffic, waits for health, 2 of 3 replicas ready, http://127.0.0.1:8100',
      'watch of production/shop: breach at step 1, 120 samples: error_rate',
      '  error_rate  breach  19.88, threshold 5, before 0.1',
      '  p95  no_data  no data, threshold 5',
      '  score 62.5 of 100',
      '  p95 is beyond its warning threshold',
      '  web-1: gone boom',
      'rollback of production/shop: restore, from r2 to r1, success: breach',
    ]);
  });
});
