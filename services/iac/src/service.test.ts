import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { OrchestraError, type Plan, type RunState } from '@orchestra/contracts';
import { aContext, createMemoryArtifacts } from '@orchestra/testkit';
import { handleGate } from './handle-gate.ts';
import type { InfrastructureTool, Planned, Ports } from './ports.ts';
import { createService } from './service.ts';

const infrastructure = { tool: 'auto', path: '.', planTimeoutMs: 1000, applyTimeoutMs: 1000 } as const;
const adds = { toAdd: 1, toChange: 0, toDestroy: 0, destroys: [] };

describe('the iac service', () => {
  it('is not needed without an infrastructure section', async () => {
    await expectEnd({ plan: null }, { status: 'not_needed', reason: 'no_infrastructure' });
  });

  it('applies exactly what it planned', async () => {
    const tool = fakeTool(adds);

    const ended = await expectEnd({ tool }, { status: 'success', reason: 'applied' });

    expect(tool.applied).toEqual([tool.planFile]);
    expect(ended.decided).toMatchObject([{ what: 'infrastructure ended', reason: 'applied', facts: { toAdd: 1 } }]);
    expect(ended.events).toMatchObject([{ topic: 'iac_ready', data: { outcome: 'SUCCESS', toAdd: 1 } }]);
  });

  it('applies nothing when the plan destroys', async () => {
    const tool = fakeTool({ ...adds, toDestroy: 1, destroys: ['db.orders'] });

    const { decided } = await expectEnd({ tool }, { status: 'failure', reason: 'plan_destroys' });

    expect(decided?.map(({ what, reason }) => [what, reason])).toEqual([
      ['infrastructure plan judged', 'plan_destroys'],
      ['infrastructure ended', 'plan_destroys'],
    ]);

    expect(tool.applied).toEqual([]);
  });

  it('says failure when the configuration cannot be planned', async () => {
    const tool = fakeTool(adds);
    tool.plan = async () => {
      throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'Unsupported block type');
    };

    await expectEnd({ tool }, { status: 'failure', reason: 'plan_failed', message: 'Unsupported block type' });
  });

  it('says error when the tool is not installed', async () => {
    await expectEnd({ tool: null }, { status: 'error', reason: 'tool_not_installed' });
  });

  it('says unknown when a worker died while it applied', async () => {
    const tool = fakeTool(adds);
    const slice = { tool: 'tofu', phase: 'applying', generation: 1, planDigest: null, ...adds, outputs: {} } as const;

    await expectEnd({ tool, applying: { production: slice } }, { status: 'unknown', reason: 'apply_interrupted' });

    expect(tool.applied).toEqual([]);
  });

  it('says unknown when an apply was cut', async () => {
    const tool = fakeTool(adds);
    tool.apply = async () => {
      throw new OrchestraError('COMMAND_TIMED_OUT', 'The tool did not end in time');
    };

    await expectEnd({ tool }, { status: 'unknown', reason: 'apply_interrupted' });
  });

  it('says timed_out when the plan takes too long', async () => {
    const tool = fakeTool(adds);
    tool.plan = async () => {
      throw new OrchestraError('COMMAND_TIMED_OUT', 'The tool did not end in time');
    };

    await expectEnd({ tool }, { status: 'timed_out', reason: 'plan_time_limit' });
  });

  it.each([
    ['applied', adds],
    ['not needed to apply', { ...adds, toAdd: 0 }],
    ['refused', { ...adds, toDestroy: 1 }],
  ])('notes that the tool ran without a sandbox when its plan is %s', async (_what, summary) => {
    await expectEnd({ tool: fakeTool(summary), notes: ['unsandboxed'] }, { notes: ['unsandboxed'] });
  });

  it('notes nothing when no tool ran', async () => {
    await expectEnd({ tool: null, notes: ['unsandboxed'] }, { notes: [] });
    await expectEnd({ plan: null, notes: ['unsandboxed'] }, { notes: [] });
  });

  it('takes what it does not know of an input for an error', () => {
    const service = createService(portsWith(null));
    const handler = service.on.test_results;

    expect(handler.kind === 'input' && handler.input(testsThatEnded('UNRECOGNIZED'))).toMatchObject({
      status: 'error',
    });
  });
});

interface Given {
  plan?: null;
  tool?: FakeTool | null;
  applying?: RunState['slices']['iac'];
  notes?: readonly string[];
}

async function expectEnd(given: Given, end: object) {
  const artifacts = createMemoryArtifacts();
  const { digest } = await artifacts.put(Buffer.from('snapshot'));
  const run = contextRun(digest, given.applying ?? {});
  const plan: Plan = Object.assign(Object.create(null), {
    infrastructure: given.plan === null ? null : infrastructure,
  });
  const context = aContext('iac', { artifacts, plan, run, job: { unit: 'iac/production', generation: 1 } });

  const ended = await handleGate(context, { ...portsWith(given.tool ?? null), notes: given.notes ?? [] });

  expect(ended).toMatchObject(end);
  return ended;
}

function contextRun(snapshotDigest: string, iac: RunState['slices']['iac']): Partial<RunState> {
  const { run } = aContext('iac');
  const source = { planDigest: null, snapshotDigest, baseCommit: null, changedFiles: null };
  const gitops = { source: { ...source, problems: [], warnings: [], licenses: [] } };
  return { slices: { ...run.slices, gitops, iac } };
}

interface FakeTool extends InfrastructureTool {
  applied: string[];
  planFile: string;
}

function fakeTool(summary: Omit<Planned, 'planFile'>): FakeTool {
  const tool: FakeTool = {
    program: 'tofu',
    applied: [],
    planFile: '',
    plan: async ({ workspace, folder }) => {
      tool.planFile = join(folder, 'plan');
      await writeFile(join(workspace, tool.planFile), 'the plan');
      return { ...summary, planFile: tool.planFile };
    },
    apply: async (planFile) => {
      tool.applied.push(planFile);
      return { name: 'shop' };
    },
  };
  return tool;
}

function portsWith(tool: InfrastructureTool | null): Ports {
  return {
    findTool: async () => tool,
    openWorkspace: async () => {
      const path = await mkdtemp(join(tmpdir(), 'iac-test-'));
      return { path, close: () => rm(path, { recursive: true }) };
    },
    notes: [],
    sweep: async () => {},
    unpack: async () => {},
    readPlan: async (workspace, planFile) => readFile(join(workspace, planFile)),
  };
}

function testsThatEnded(outcome: 'UNRECOGNIZED') {
  const counts = { passed: 0, failed: 0, skipped: 0, flaky: 0 };
  const data = {
    outcome,
    reason: null,
    framework: null,
    ...counts,
    lineCoveragePercent: null,
    reportDigest: null,
    durationMs: 1,
  };
  const envelope = {
    id: 'e1',
    runId: 'r1',
    source: 'test',
    subject: 'test',
    generation: 1,
    hops: 1,
    causeId: null,
  } as const;
  return { topic: 'test_results', ...envelope, time: new Date(0), data } as const;
}
