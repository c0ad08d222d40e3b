import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { orchestra, type Ran } from '../fake-console.fixture.ts';

const pipeline = `
project: {name: shop}
observability:
  thresholds: {error_rate_percent: 5}
  release_watch_seconds: 60
`;
const slo = `
spec_version: "1.0"
objectives:
  - sli: latency_ms
    pass: [{criteria: ["<300"]}]
total_score: {pass: "90%", warning: "75%"}
`;

/** A sample every ten seconds. */
function record(release: string, startsAt: string, values: readonly Record<string, number | null>[]): string[] {
  return values.map((measured, index) => {
    const at = new Date(Date.parse(startsAt) + index * 10_000).toISOString();
    return JSON.stringify({ at, release, values: measured });
  });
}

async function backtest(policy: string, lines: readonly string[], more: readonly string[] = []): Promise<Ran> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'backtest-'));
  const [policyFile, recording] = [join(folder.path, 'policy.yaml'), join(folder.path, 'samples.jsonl')];
  await writeFile(policyFile, policy);
  await writeFile(recording, lines.join('\n'));
  return await orchestra(['backtest', '--policy', policyFile, '--from', recording, ...more]);
}

const good = record(
  'r1',
  '2026-01-01T10:00:00Z',
  Array.from({ length: 10 }, () => ({ error_ratio: 0.01 })),
);
const bad = record(
  'r2',
  '2026-01-01T12:00:00Z',
  [0, 0.01, 0.2, 0.3, 0.4].map((error_ratio) => ({ error_ratio })),
);

describe('orchestra backtest', () => {
  it('says what a pipeline file would have rolled back, and when', async () => {
    const ran = await backtest(pipeline, [...good, ...bad]);

    expect(ran).toEqual({
      code: 0,
      data: [
        'r1: healthy at 2026-01-01T10:01:00.000Z, after 1 min 00 s and 7 samples: within thresholds',
        'r2: rolled back at 2026-01-01T12:00:40.000Z, after 40.0 s and 5 samples: error_ratio is 0.4, over 0.05, compared with 0.01',
        '',
      ].join('\n'),
      progress: '2 releases: 1 rolled back, 1 healthy, 0 neither\n',
    });
  });

  it('reads an SLO file of Keptn', async () => {
    const slow = record(
      'r3',
      '2026-01-01T10:00:00Z',
      Array.from({ length: 40 }, () => ({ latency_ms: 400 })),
    );

    const ran = await backtest(slo, slow);

    expect(ran.data).toContain('r3: rolled back');
    expect(ran.data).toContain('total_score is 0, under 75');
  });

  it('prints JSON with every number', async () => {
    const ran = await backtest(pipeline, bad, ['--json']);

    expect(JSON.parse(ran.data)).toMatchObject({
      releases: [{ release: 'r2', verdict: 'rolled_back', breach: { metric: 'error_ratio', value: 0.4 } }],
    });
  });

  it.each([
    { what: 'a policy that is not valid', policy: 'project: {nme: x}', lines: good, message: 'nme' },
    { what: 'a recording that is empty', policy: pipeline, lines: [], message: 'no samples' },
    { what: 'a line that is no JSON', policy: pipeline, lines: [...good, '{'], message: 'Line 11' },
    {
      what: 'a sample without a time',
      policy: pipeline,
      lines: ['{"values": {"error_ratio": 1}}'],
      message: 'Line 1: at',
    },
  ])('refuses $what', async ({ policy, lines, message }) => {
    const ran = await backtest(policy, lines);

    expect(ran.code).not.toBe(0);
    expect(ran.progress).toContain(message);
  });

  it('needs to know which service to ask a Prometheus for', async () => {
    const ran = await backtest(pipeline, good, ['--from', 'http://127.0.0.1:9']);

    expect(ran.progress).toContain('--service');
  });
});
