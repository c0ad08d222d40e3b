import { describe, expect, it } from '@jest/globals';
import type { SandboxResult } from '@orchestra/adapters/sandbox';
import type { BuildReady, CodePush } from '@orchestra/contracts';
import type { Ended, Result } from '@orchestra/runtime';
import {
  aBuildReady,
  aCodePush,
  aPlan,
  createFakeWorkbench,
  createMemoryArtifacts,
  receive,
  type FakeBench,
} from '@orchestra/testkit';
import type { BundledLinter } from './ports.ts';
import { createService } from './service.ts';

const linter: BundledLinter = { name: 'oxlint', call: () => ({ argv: ['oxlint', '--sarif'], readOnlyPaths: [] }) };

interface Given extends FakeBench {
  sections?: string;
  push?: Partial<CodePush>;
  build?: Partial<BuildReady>;
}

async function given({ sections = '', push, build, ...bench }: Given) {
  const artifacts = createMemoryArtifacts();
  const { digest } = await artifacts.put(Buffer.from('archive'));
  const workbench = createFakeWorkbench(bench);
  const service = createService({ workbench, linter });
  const output: string[] = [];
  const around = { plan: aPlan(sections), artifacts, output };
  const archive = { name: 'shop', kind: 'ARCHIVE', digest, sizeBytes: 1, reference: null } as const;
  const result = ended(
    build === undefined
      ? await receive(service, { topic: 'code_push', data: aCodePush({ snapshotDigest: digest, ...push }), ...around })
      : await receive(service, {
          topic: 'build_ready',
          data: aBuildReady({ artifacts: [archive], ...build }),
          ...around,
        }),
  );
  return { result, workbench, artifacts, output: output.join('') };
}

function ended(result: Result<'code-analysis'> | null): Ended<'code-analysis'> {
  if (result?.kind !== 'end') throw new Error(`the job did not end: ${JSON.stringify(result)}`);
  return result;
}

function sarif(...levels: string[]): string {
  const results = levels.map((level, index) => ({
    ruleId: `rule-${index}`,
    level,
    message: { text: 'look at this' },
    locations: [{ physicalLocation: { artifactLocation: { uri: 'src/a.ts' }, region: { startLine: index + 1 } } }],
  }));
  return JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'lint' } }, results }] });
}

describe('the analysis of the source', () => {
  it('publishes counts, keeps findings for people and the whole report in the store', async () => {
    const { result, artifacts, output, workbench } = await given({
      answer: () => ({ stdout: sarif('warning', 'error') }),
    });

    const [event] = result.events;
    const digest = event?.data.reportDigest ?? '';
    expect(result).toMatchObject({ status: 'failure', reason: 'findings', halt: 'code_analysis/source: findings' });
    expect(event).toMatchObject({
      topic: 'code_analysis',
      data: { unit: 'SOURCE', outcome: 'FAILURE', allFindings: 2, newFindings: 2, errors: 1, warnings: 1 },
    });
    expect(result.slice?.source?.findings[0]).toMatchObject({
      rule: 'rule-1',
      path: 'src/a.ts',
      line: 2,
      severity: 'error',
    });
    expect(JSON.parse((await artifacts.read(digest, 10_000)).toString())).toMatchObject({
      runs: [{ results: [{}, {}] }],
    });
    expect(output).toContain('src/a.ts:2 error rule-1: look at this\n');
    expect(workbench.openCount).toBe(0);
    expect(result.decided).toMatchObject([
      { what: 'analysis of source decided', reason: 'tools_named', facts: { failOn: 'error' } },
      { what: 'analysis of source ended', reason: 'findings', facts: { status: 'failure', errors: 1, allFindings: 2 } },
    ]);
  });

  it('passes with findings below the level of the file', async () => {
    const { result } = await given({ answer: () => ({ stdout: sarif('warning'), exitCode: 1 }) });

    expect(result).toMatchObject({ status: 'success', events: [{ data: { outcome: 'SUCCESS', warnings: 1 } }] });
    expect(result.halt).toBeUndefined();
  });

  it('lets the linter of the platform find nothing of its languages, and says so', async () => {
    const { result } = await given({ answer: () => ({ stdout: '' }) });

    expect(result).toMatchObject({
      status: 'success',
      slice: {
        source: { tools: [{ name: 'oxlint', verdict: 'ran', detail: 'there is no file that it understands' }] },
      },
    });
  });

  it.each<[string, Partial<SandboxResult>, string, string]>([
    ['says nothing', { stdout: '' }, 'error', 'tool_failed'],
    ['writes no SARIF', { stdout: 'all good' }, 'error', 'tool_failed'],
    ['is not installed', { outcome: 'not_found', exitCode: null }, 'error', 'tool_not_installed'],
    ['takes too long', { outcome: 'timed_out', exitCode: null }, 'timed_out', 'analysis_time_limit'],
    ['has its report cut', { stdout: sarif('note').slice(0, 50), truncatedBytes: 99 }, 'error', 'tool_failed'],
  ])('does not pass when a tool of the file %s', async (_how, answer, status, reason) => {
    const sections = 'code_analysis: {tools: [{name: ruff, command: [ruff, check]}]}';

    expect((await given({ sections, answer: () => answer })).result).toMatchObject({ status, reason });
  });

  it('reads the report that a tool wrote to a file, and shows its output', async () => {
    const { result, output } = await given({
      sections: 'code_analysis: {fail_on: note, tools: [{name: semgrep, command: [semgrep], report: out.sarif}]}',
      answer: (_command, files) => {
        files['out.sarif'] = sarif('note');
        return { stdout: 'scanning\n', exitCode: 1 };
      },
    });

    expect(result).toMatchObject({ status: 'failure', events: [{ data: { allFindings: 1 } }] });
    expect(output).toContain('scanning\n');
  });

  it('runs every tool, also behind one that failed', async () => {
    const { result, workbench } = await given({
      sections: 'code_analysis: {tools: [{name: bad, command: [bad]}, oxlint]}',
      answer: ({ argv }) => ({ stdout: argv[0] === 'bad' ? '' : sarif('error') }),
    });

    expect(workbench.commands).toHaveLength(2);
    expect(result).toMatchObject({ status: 'failure', reason: 'findings' });
  });

  it.each([
    ['skipped', 'push_refused', { push: { outcome: 'FAILURE', snapshotDigest: null } }],
    ['skipped', 'push_refused', { push: { outcome: 'UNRECOGNIZED' } }],
    ['not_needed', 'switched_off', { sections: 'code_analysis: {enabled: false}' }],
    ['not_needed', 'no_tools', { sections: 'code_analysis: {tools: []}' }],
  ] as const)('is %s: %s', async (status, reason, change) => {
    const { result, workbench } = await given(change);

    expect(result).toMatchObject({ status, reason, events: [{ data: { unit: 'SOURCE', reportDigest: null } }] });
    expect(workbench.commands).toEqual([]);
  });
});

describe('the analysis of the artifact', () => {
  const sections = 'code_analysis: {artifact_scan: {command: [scan, .]}}';

  it('scans what was built', async () => {
    const { result, workbench } = await given({ sections, build: {}, answer: () => ({ stdout: sarif('error') }) });

    expect(result).toMatchObject({ status: 'failure', events: [{ data: { unit: 'ARTIFACT', errors: 1 } }] });
    expect(Object.keys(result.slice ?? {})).toEqual(['artifact']);
    expect([workbench.unpacked, workbench.commands[0]?.argv]).toEqual([[1], ['scan', '.']]);
  });

  it('names an image to the scanner', async () => {
    const image = {
      name: 'shop',
      kind: 'IMAGE',
      digest: 'sha256:1',
      sizeBytes: 1,
      reference: 'acme/shop@sha256:1',
    } as const;

    const { workbench } = await given({ sections, build: { artifacts: [image] }, answer: () => ({ stdout: sarif() }) });

    expect(workbench.unpacked).toEqual([0]);
    expect(workbench.commands[0]?.env).toEqual({ ORCHESTRA_IMAGE: 'acme/shop@sha256:1' });
  });

  it.each([
    ['skipped', 'build_not_good', { build: { outcome: 'FAILURE' } }],
    ['skipped', 'build_not_good', { build: { outcome: 'UNRECOGNIZED' } }],
    ['not_needed', 'no_scanner', { build: {}, sections: '' }],
    ['not_needed', 'nothing_built', { build: { outcome: 'NOT_NEEDED', artifacts: [] } }],
  ] as const)('is %s: %s', async (status, reason, change) => {
    const { result } = await given({ sections, ...change });

    expect(result).toMatchObject({ status, reason, events: [{ data: { unit: 'ARTIFACT' } }] });
  });
});
