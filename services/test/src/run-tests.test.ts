import { describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/runtime';
import { aContext, aPlan, aRun, createFakeWorkbench, createMemoryArtifacts, type FakeBench } from '@orchestra/testkit';
import { runTests } from './run-tests.ts';

type Answer = NonNullable<FakeBench['answer']>;

const reportFile = '.orchestra-report.xml';
const coverageFile = 'lcov.info';
const passing = '<testsuites><testcase name="adds"/><testcase name="divides"/></testsuites>';
const failing = passing.replace('"divides"/>', '"divides"><failure message="by zero"/></testcase>');
const lcov = 'SF:a.js\nDA:1,1\nDA:2,0\nend_of_record\n';

interface Given extends FakeBench {
  testing: string;
  /** How long each look at the clock takes. */
  tickMs?: number;
  archives?: readonly string[];
  signal?: AbortSignal;
}

async function given({ testing, tickMs = 0, archives = [], signal = neverAborted, ...bench }: Given) {
  const artifacts = createMemoryArtifacts();
  const { digest: snapshotDigest } = await artifacts.put(Buffer.from('snapshot'));
  const workbench = createFakeWorkbench(bench);
  const nothing = { planDigest: null, baseCommit: null, changedFiles: null, problems: [], warnings: [], licenses: [] };
  const run = { slices: { ...aRun().slices, gitops: { source: { ...nothing, snapshotDigest } } } };
  const output: string[] = [];
  const context = aContext('test', { artifacts, run, output, signal });
  let nowMs = 0;
  const monotonicMs = (): number => (nowMs += tickMs);
  const { testing: plan } = aPlan(`testing: ${testing}`);
  const ending = runTests({ plan, archives }, { ...context, clock: { ...context.clock, monotonicMs } }, { workbench });
  return { ending, workbench, artifacts, output };
}

const neverAborted = new AbortController().signal;

/** Answers one try after another with these reports; null: it writes none. */
function writing(...reports: (string | null)[]): Answer {
  return (_command, files) => {
    const report = reports.shift() ?? null;
    if (report !== null) files[reportFile] = report;
    return { exitCode: report?.includes('<failure') === true ? 1 : 0 };
  };
}

function noSandbox(): ReturnType<Answer> {
  throw new OrchestraError('SANDBOX_UNAVAILABLE', 'no namespace', { retriable: true });
}

describe('runTests', () => {
  it('runs failed tests again in the same workspace, and calls flaky what passes then', async () => {
    const { ending, workbench, output } = await given({
      testing: '{retry_failed: 2}',
      answer: writing(failing, passing),
    });

    expect(await ending).toMatchObject({
      status: 'success',
      message: '1 test is flaky: it failed, then passed. The command ran 2 times',
      events: [{ data: { outcome: 'SUCCESS', passed: 1, failed: 0, flaky: 1 } }],
    });
    expect([workbench.unpacked, workbench.commands.length]).toEqual([[1], 2]);
    expect(output.join('')).toContain('Repeating failed tests, 1 of 2');
  });

  it('repeats no more often than the file says, and keeps the last report', async () => {
    const last = failing.replace('by zero', 'again');
    const { ending, workbench, artifacts } = await given({
      testing: '{retry_failed: 1}',
      answer: writing(failing, last, passing),
    });

    const { status, message, events } = await ending;

    expect([status, message]).toEqual(['failure', '1 test failed: divides. The command ran 2 times']);
    expect(workbench.commands).toHaveLength(2);
    expect((await artifacts.read(events[0]?.data.reportDigest ?? '', 1_000)).toString()).toBe(last);
  });

  it.each([
    ['what passed', '{retry_failed: 3}', writing(passing)],
    ['anything by itself', '{}', writing(failing, passing)],
    ['what found no tests', '{retry_failed: 3}', writing('<testsuites/>')],
  ])('does not repeat %s', async (_what, testing, answer) => {
    const { ending, workbench } = await given({ testing, answer });

    await ending;
    expect(workbench.commands).toHaveLength(1);
  });

  it('does not pass when the repetition leaves no report', async () => {
    const { ending } = await given({ testing: '{retry_failed: 1}', answer: writing(failing, null) });

    expect(await ending).toMatchObject({ status: 'failure', reason: 'tests_failed' });
  });

  it('passes a command without a report when a repetition ends well', async () => {
    const exitCodes = [1, 0];
    const { ending } = await given({
      testing: '{command: make test, retry_failed: 1}',
      answer: () => ({ exitCode: exitCodes.shift() ?? 9 }),
    });

    expect(await ending).toMatchObject({ status: 'success', reason: 'no_report' });
  });

  it('gives all tries together the time of the file', async () => {
    const { ending, workbench } = await given({
      testing: '{retry_failed: 3, timeout_seconds: 1}',
      tickMs: 400,
      answer: writing(failing, failing, failing, failing),
    });

    await ending;
    expect(workbench.commands.map(({ timeoutMs }) => timeoutMs)).toEqual([600, 200, 1, 1]);
  });

  it('keeps what the tries before had counted when the time is over', async () => {
    const write = writing(failing);
    let tries = 0;
    const { ending } = await given({
      testing: '{retry_failed: 3}',
      answer: (command, files) => {
        tries += 1;
        return tries === 1 ? write(command, files) : { outcome: 'timed_out', exitCode: null };
      },
    });

    expect(await ending).toMatchObject({
      status: 'timed_out',
      reason: 'test_time_limit',
      events: [{ data: { passed: 1, failed: 1 } }],
    });
  });

  it('stops with the reason of whoever stopped it', async () => {
    const controller = new AbortController();
    const { ending, workbench } = await given({
      testing: '{retry_failed: 3}',
      signal: controller.signal,
      answer: () => {
        controller.abort(new Error('cancelled'));
        return { outcome: 'aborted', exitCode: null };
      },
    });

    await expect(ending).rejects.toThrow('cancelled');
    expect([workbench.commands.length, workbench.openCount]).toEqual([1, 0]);
  });

  it('leaves no workspace behind when something of ours fails', async () => {
    const failed = await given({ testing: '{}', answer: noSandbox });
    const missing = await given({ testing: '{}', archives: [`sha256:${'9'.repeat(64)}`] });

    await expect(failed.ending).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
    await expect(missing.ending).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect([failed.workbench.openCount, missing.workbench.unpacked]).toEqual([0, []]);
  });
});

describe('coverage', () => {
  it('is read from the file that the tests wrote', async () => {
    const { ending } = await given({
      testing: `{coverage: ${coverageFile}}`,
      answer: (command, files) => {
        files[coverageFile] = lcov;
        return writing(passing)(command, files);
      },
    });

    expect(await ending).toMatchObject({
      slice: { report: { lineCoveragePercent: 50 } },
      events: [{ data: { lineCoveragePercent: 50 } }],
    });
  });

  it('is not known, and said so, when these tests did not write it', async () => {
    const files = { [coverageFile]: lcov };
    const { ending } = await given({ testing: `{coverage: ${coverageFile}}`, files, answer: writing(passing) });

    expect(await ending).toMatchObject({
      status: 'success',
      message: expect.stringContaining('The coverage is not known: lcov.info'),
      events: [{ data: { lineCoveragePercent: null } }],
    });
  });
});
