import { describe, expect, it } from '@jest/globals';
import type { BuildReady, RunState } from '@orchestra/contracts';
import { OrchestraError, type Ended, type Result } from '@orchestra/runtime';
import {
  aBuildReady,
  aContext,
  anOperatorCommand,
  aPlan,
  aRun,
  createFakeWorkbench,
  createMemoryArtifacts,
  receive,
  type FakeBench,
} from '@orchestra/testkit';
import { createService } from './service.ts';

type Answer = NonNullable<FakeBench['answer']>;

const reportFile = '.orchestra-report.xml';

interface Given extends FakeBench {
  sections?: string;
  build?: Partial<BuildReady>;
  hasSnapshot?: boolean;
}

async function given({ sections = '', build = {}, hasSnapshot = true, ...bench }: Given) {
  const artifacts = createMemoryArtifacts();
  const { digest } = await artifacts.put(Buffer.from('archive'));
  const workbench = createFakeWorkbench(bench);
  const output: string[] = [];
  const artifact = { name: 'shop', kind: 'ARCHIVE', digest, sizeBytes: 1, reference: null } as const;
  const data = aBuildReady({ artifacts: [artifact], ...build });
  const run = { slices: withSnapshot(hasSnapshot ? digest : null) };
  const around = { plan: aPlan(sections), artifacts, output, run };
  const result = ended(await receive(createService({ workbench }), { topic: 'build_ready', data, ...around }));
  return { result, event: result.events[0]?.data, workbench, artifacts, output: output.join('') };
}

function withSnapshot(snapshotDigest: string | null): RunState['slices'] {
  const nothing = { planDigest: null, baseCommit: null, changedFiles: null, problems: [], warnings: [], licenses: [] };
  return { ...aRun().slices, gitops: { source: { ...nothing, snapshotDigest } } };
}

function ended(result: Result<'test'> | null): Ended<'test'> {
  if (result?.kind !== 'end') throw new Error(`the job did not end: ${JSON.stringify(result)}`);
  return result;
}

const passing = '<testsuites><testcase name="adds"/><testcase name="divides"/></testsuites>';
const failing = passing.replace(
  '"divides"/>',
  '"divides" file="/workspace/a.test.js"><failure message="by zero"/></testcase>',
);

/** Answers one try after another with these reports; null: it writes none. */
function writing(...reports: (string | null)[]): Answer {
  return (_command, files) => {
    const report = reports.shift() ?? null;
    if (report !== null) files[reportFile] = report;
    return { exitCode: report?.includes('<failure') === true ? 1 : 0, stdout: 'running\n' };
  };
}

function noPytest(): ReturnType<Answer> {
  return { exitCode: 1, stderr: '/usr/bin/python3: No module named pytest' };
}

function noSandbox(): ReturnType<Answer> {
  throw new OrchestraError('SANDBOX_UNAVAILABLE', 'no namespace', { retriable: true });
}

describe('the test service', () => {
  it('tests the source with what was built over it, and publishes the counts', async () => {
    const { result, event, workbench, artifacts, output } = await given({ answer: writing(passing) });

    expect(result).toMatchObject({
      status: 'success',
      slice: { report: { framework: 'node', passed: 2, failed: 0, failures: [] } },
      events: [{ topic: 'test_results', data: { outcome: 'SUCCESS', framework: 'node', passed: 2, failed: 0 } }],
    });
    expect((await artifacts.read(event?.reportDigest ?? '', 1_000)).toString()).toBe(passing);
    expect([workbench.unpacked, workbench.openCount]).toEqual([[2], 0]);
    expect(output).toMatch(/^\$ node --test .*\nrunning\n$/);
    expect(result.decided).toMatchObject([
      { what: 'tests decided', reason: 'runner_report', facts: { kind: 'run', framework: 'node' } },
      { what: 'tests ended', reason: 'success', facts: { passed: 2, failed: 0 } },
    ]);
  });

  it('publishes failed tests, keeps them for people and halts the siblings', async () => {
    const { result } = await given({ answer: writing(failing) });

    expect(result).toMatchObject({
      status: 'failure',
      reason: 'tests_failed',
      halt: 'test: tests_failed',
      events: [{ data: { outcome: 'FAILURE', reason: 'tests_failed', passed: 1, failed: 1 } }],
      slice: { report: { failures: [{ name: 'divides', message: 'by zero', file: 'a.test.js' }] } },
    });
  });

  it('halts nobody where the file says so', async () => {
    const { result } = await given({ sections: 'testing: {halt_on_failure: false}', answer: writing(failing) });

    expect([result.status, result.halt]).toEqual(['failure', undefined]);
  });

  it('lays only archives over the source, and needs none', async () => {
    const image = {
      name: 'shop',
      kind: 'IMAGE',
      digest: `sha256:${'d'.repeat(64)}`,
      sizeBytes: 1,
      reference: 'shop',
    } as const;

    const imaged = await given({ build: { artifacts: [image] }, answer: writing(passing) });
    const bare = await given({ build: { outcome: 'NOT_NEEDED', artifacts: [] }, answer: writing(passing) });

    expect([imaged.workbench.unpacked, bare.workbench.unpacked]).toEqual([[1], [1]]);
    expect([imaged.result.status, bare.result.status]).toEqual(['success', 'success']);
  });

  it('believes a report of this try only', async () => {
    const { result } = await given({ files: { [reportFile]: passing }, answer: writing(null) });

    expect(result).toMatchObject({
      status: 'error',
      reason: 'report_missing',
      events: [{ data: { reportDigest: null } }],
    });
  });

  it.each([
    ['without cases', '<testsuites/>', 'failure', 'no_tests'],
    ['that is empty', '', 'error', 'report_unreadable'],
    ['that is none', 'ok', 'error', 'report_unreadable'],
  ])('takes no report %s for a pass', async (_how, report, status, reason) => {
    expect((await given({ answer: writing(report) })).result).toMatchObject({ status, reason });
  });

  it('passes a command without a report by its exit code, and says that nothing was counted', async () => {
    const { result } = await given({ sections: 'testing: {command: make test}' });

    expect(result).toMatchObject({
      status: 'success',
      reason: 'no_report',
      message: expect.stringContaining('not counted'),
      events: [{ data: { framework: 'command', passed: 0, failed: 0, reportDigest: null } }],
    });
  });

  it.each(['FAILURE', 'ERROR', 'SKIPPED', 'CANCELLED', 'TIMED_OUT', 'UNKNOWN', 'UNRECOGNIZED'] as const)(
    'skips behind a build that ended as %s',
    async (outcome) => {
      const { result, workbench } = await given({ build: { outcome, reason: 'command_failed', artifacts: [] } });

      expect(result).toMatchObject({
        status: 'skipped',
        message: 'There is no build to test: command_failed',
        events: [{ data: { outcome: 'SKIPPED', reason: 'build_ended_badly', passed: 0 } }],
      });
      expect([result.halt, workbench.unpacked]).toEqual([undefined, []]);
    },
  );

  it('says that nothing is needed when tests are switched off', async () => {
    const { result } = await given({ sections: 'testing: {enabled: false}' });

    expect(result).toMatchObject({ status: 'not_needed', events: [{ data: { outcome: 'NOT_NEEDED' } }] });
  });

  it('says in the run what its sandbox lacks', async () => {
    expect((await given({ answer: writing(passing), notes: ['unsandboxed'] })).result.notes).toEqual(['unsandboxed']);
  });

  it('tells when pytest is not installed', async () => {
    expect((await given({ sections: 'testing: {framework: pytest}', answer: noPytest })).result).toMatchObject({
      status: 'error',
      reason: 'tool_not_installed',
    });
  });

  it('leaves trouble of ours to the runtime', async () => {
    await expect(given({ answer: noSandbox })).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE', retriable: true });
    await expect(given({ hasSnapshot: false })).rejects.toMatchObject({ code: 'ARTIFACT_MISSING', retriable: false });
  });
});

describe('the end of tests without their work', () => {
  it.each([
    ['error', 'test: sandbox_unavailable'],
    ['timed_out', 'test: sandbox_unavailable'],
    ['cancelled', undefined],
    ['skipped', undefined],
  ] as const)('is published as %s', async (status, halt) => {
    const { build_ready: handler } = createService({ workbench: createFakeWorkbench() }).on;
    if (handler.kind !== 'stage') throw new Error('build_ready is no stage');
    const conclusion = { status, reason: 'sandbox_unavailable', message: 'it did not go on' };

    const result = await handler.conclude(conclusion, anEvent(), aContext('test', { plan: aPlan() }));

    expect(result).toMatchObject({
      status,
      events: [{ topic: 'test_results', data: { passed: 0, framework: 'node' } }],
    });
    expect(result.halt).toBe(halt);
  });

  it('needs no plan', async () => {
    const { build_ready: handler } = createService({ workbench: createFakeWorkbench() }).on;
    if (handler.kind !== 'stage') throw new Error('build_ready is no stage');
    const conclusion = { status: 'skipped', reason: 'push_refused', message: 'no file' } as const;

    expect(await handler.conclude(conclusion, anEvent(), aContext('test'))).toMatchObject({
      events: [{ data: { outcome: 'SKIPPED', framework: null } }],
    });
  });
});

describe('commands to the test service', () => {
  it('concern it only when they are addressed to it', () => {
    const { operator_command: handler } = createService({ workbench: createFakeWorkbench() }).on;
    if (handler.kind !== 'reaction') throw new Error('operator_command is no reaction');
    const concerns = (addressee: string) =>
      handler.concerns?.({ ...anEvent(), topic: 'operator_command', data: aCommand(addressee) });

    expect([concerns('test'), concerns('deploy')]).toEqual([true, false]);
  });

  it('are refused when it does not understand them, so that people see it', async () => {
    const service = createService({ workbench: createFakeWorkbench() });

    const result = await receive(service, { topic: 'operator_command', data: aCommand('test') });

    expect(result).toMatchObject({ status: null, events: [], decided: [{ reason: 'not_understood' }] });
  });

  it('are obeyed when they ask for a retry of its unit', async () => {
    const service = createService({ workbench: createFakeWorkbench() });
    const data = { ...aCommand('test'), action: 'RETRY', unit: 'iac/staging' } as const;

    const result = await receive(service, { topic: 'operator_command', data });

    expect(result).toMatchObject({ decided: [{ what: 'retry refused', reason: 'not_planned' }] });
  });
});

function anEvent() {
  return {
    topic: 'build_ready',
    id: 'event-1',
    runId: 'run-1',
    source: 'build',
    subject: 'build',
    generation: 1,
    hops: 1,
    causeId: null,
    time: new Date('2026-01-01T00:00:00Z'),
    data: aBuildReady(),
  } as const;
}

function aCommand(addressee: string) {
  return anOperatorCommand({ action: 'PROMOTE', source: 'CLI', addressee, repository: null });
}
