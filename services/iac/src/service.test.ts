import { describe, expect, it } from '@jest/globals';
import { OrchestraError, type Plan } from '@orchestra/contracts';
import { givenEnvironment } from './given-environment.fixture.ts';
import { fakeTool, portsWith } from './given-tool.fixture.ts';
import { handleGate } from './handle-gate.ts';
import { createService } from './service.ts';

const adding = { toAdd: 1, changes: [{ address: 'db.a', type: 'db', kind: 'add' as const, attributes: [] }] };
const destroying = { toDestroy: 1, destroys: ['db.orders'] };

describe('the iac service', () => {
  it('is not needed without an infrastructure section', async () => {
    const given = givenEnvironment(null);
    const plan: Plan = Object.assign(Object.create(null), { infrastructure: null });
    const context = { ...given.attempt(await given.aRun()), plan: async () => plan };

    expect(await handleGate(context, { ...portsWith(null), notes: ['unsandboxed'] })).toMatchObject({
      status: 'not_needed',
      reason: 'no_infrastructure',
      notes: [],
    });
  });

  it('applies exactly what it planned', async () => {
    const tool = fakeTool(adding);
    const given = givenEnvironment(tool);

    const ended = await given.work(await given.aRun());

    expect(ended).toMatchObject({
      status: 'success',
      reason: 'applied',
      events: [{ topic: 'iac_ready', data: { outcome: 'SUCCESS', toAdd: 1 } }],
      slice: {
        production: {
          phase: 'applied',
          outputs: { name: 'shop' },
          sensitiveOutputs: [{ tool: 'tofu', state: 'acme/shop/production', output: 'key' }],
          changes: ['+ db.a'],
        },
      },
    });
    const [told] = ended.kind === 'end' ? ended.events : [];
    const digest = told?.topic === 'iac_ready' ? (told.data.outputsDigest ?? '') : '';
    expect(JSON.parse((await given.artifacts.read(digest, 1_000)).toString('utf8'))).toEqual({
      name: 'shop',
      key: { tool: 'tofu', state: 'acme/shop/production', output: 'key' },
    });
    expect(tool.applied).toHaveLength(1);
    expect(given.shown.join('')).toBe('+ db.a\n');
    expect(given.state()).toMatchObject({ holder: null, applied: { runId: 'run-1', sequence: 1 } });
  });

  it('plans from a template where the file asks for one, and says so', async () => {
    const tool = fakeTool(adding);
    const given = givenEnvironment(tool);
    const run = await given.aRun();
    const written: string[] = [];
    const writeConfiguration = async (_workspace: string, folder: string, text: string) =>
      written.push(folder, text) > 0;
    const { plan } = given.attempt(run);
    const { infrastructure, ...others } = await plan();
    const template = { kind: 'namespace' as const, cpu: 1, memoryBytes: 1, pods: 1 };
    const asked = infrastructure === null ? null : { ...infrastructure, template };

    const context = { ...given.attempt(run), plan: async () => ({ ...others, infrastructure: asked }) };
    await handleGate(context, { ...portsWith(tool), writeConfiguration });

    expect(written).toEqual(['.', expect.stringContaining('shop-production')]);
    expect(given.shown.join('')).toContain('a namespace with a quota is planned');
  });

  it('applies nothing where nothing changes', async () => {
    const tool = fakeTool({ changesAnything: false });
    const given = givenEnvironment(tool);

    expect(await given.work(await given.aRun())).toMatchObject({ status: 'success', reason: 'no_changes' });
    expect(tool.applied).toEqual([]);
  });

  it('refuses a plan that is against the policy, and lets the infrastructure go', async () => {
    const tool = fakeTool(adding);
    const given = givenEnvironment(tool, { denyTypes: ['db'] });

    expect(await given.work(await given.aRun())).toMatchObject({ status: 'failure', reason: 'type_denied' });
    expect(tool.applied).toEqual([]);
    expect(given.state().holder).toBeNull();
  });

  it.each([
    ['INFRASTRUCTURE_TOOL_FAILED', { status: 'failure', reason: 'plan_failed', message: 'Unsupported block type' }],
    ['INFRASTRUCTURE_CUT', { status: 'failure', reason: 'plan_failed' }],
    ['COMMAND_TIMED_OUT', { status: 'timed_out', reason: 'plan_time_limit' }],
  ] as const)('says how a plan ended with %s', async (code, end) => {
    const tool = fakeTool();
    tool.plan = async () => {
      throw new OrchestraError(code, 'Unsupported block type');
    };
    const given = givenEnvironment(tool);

    expect(await given.work(await given.aRun())).toMatchObject(end);
  });

  it('says failure when an apply ended with an error', async () => {
    const tool = fakeTool();
    tool.apply = async () => {
      throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'No such size');
    };
    const given = givenEnvironment(tool);

    expect(await given.work(await given.aRun())).toMatchObject({ status: 'failure', reason: 'apply_failed' });
    expect(given.state()).toMatchObject({ blocked: null, applied: null });
  });

  it('says error when the tool is not installed', async () => {
    const given = givenEnvironment(null);
    const run = await given.aRun();

    const ended = await given.work(run, { ports: { notes: ['unsandboxed'] } });

    expect(ended).toMatchObject({ status: 'error', reason: 'tool_not_installed', notes: [] });
  });

  it.each([
    ['applied', {}, {}],
    ['not needed to apply', { changesAnything: false }, {}],
    ['refused', destroying, { denyDestroy: true }],
  ])('notes that the tool ran without a sandbox when its plan is %s', async (_what, summary, rules) => {
    const given = givenEnvironment(fakeTool(summary), rules);

    const ended = await given.work(await given.aRun(), { ports: { notes: ['unsandboxed'] } });

    expect(ended).toMatchObject({ notes: ['unsandboxed'] });
  });

  it('takes what it does not know of an input for an error', () => {
    const service = createService(portsWith(null));
    const handler = service.on.test_results;

    expect(handler.kind === 'input' && handler.input(testsThatEnded('UNRECOGNIZED'))).toMatchObject({
      status: 'error',
    });
  });
});

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
