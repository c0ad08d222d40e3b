import { describe, expect, it } from '@jest/globals';
import { OrchestraError, type Plan } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import { createFakeProposals, modelErrors, type FakeProposals } from '@orchestra/testkit';
import { givenEnvironment } from '../given-environment.fixture.ts';
import { fakeTool, portsWith } from '../given-tool.fixture.ts';
import { handleGate } from '../handle-gate.ts';
import type { Proposing } from '../ports.ts';

async function givenMissing(change: Partial<Proposing> = {}, isAsked = true) {
  const failed = new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'No configuration files');
  const tool = { ...fakeTool(), plan: async () => Promise.reject(failed) };
  const given = givenEnvironment(tool);
  const run = await given.aRun();
  const model = createFakeProposals();
  const usual = portsWith(tool);
  const proposing = { ...usual.proposing, model, checkPatch: async () => ['main.tf'], ...change };

  async function attempt(around: Parameters<typeof given.attempt>[1] = {}) {
    const context = given.attempt(run, around);
    const { infrastructure, ...others } = await context.plan();
    const asked = infrastructure === null || !isAsked ? infrastructure : { ...infrastructure, proposal: true as const };
    const plan: Plan = Object.assign(Object.create(null), { ...others, deployment: null, infrastructure: asked });
    const ended = await handleGate({ ...context, plan: async () => plan }, { ...usual, proposing });
    if (ended.kind !== 'end') throw new Error('The unit has not ended');
    given.keep(run, ended.slice);
    return ended;
  }
  return { given, run, model, attempt };
}

const asWithout = {
  kind: 'end',
  status: 'failure',
  reason: 'plan_failed',
  message: 'No configuration files',
  events: [{ topic: 'iac_ready', data: { outcome: 'FAILURE', reason: 'plan_failed', tool: null, planDigest: null } }],
};
function proposalOf(ended: Ended<'iac'>) {
  return ended.slice?.['production']?.proposal;
}

describe('a folder without a configuration', () => {
  it('fails as ever, with a patch for people beside it', async () => {
    const { given, model, attempt } = await givenMissing();

    const ended = await attempt();

    expect(ended).toMatchObject(asWithout);
    expect(model.asked).toMatchObject([{ tool: 'terraform', environment: 'production', folder: '.' }]);
    const proposal = proposalOf(ended);
    expect(proposal).toMatchObject({ state: 'made', reason: 'proposed', files: ['main.tf'] });
    expect((await given.artifacts.read(proposal?.digest ?? '', 10_000)).toString('utf8')).toContain(
      '--- /dev/null\n+++ b/main.tf\n@@ -0,0 +1,3 @@\n+terraform {\n',
    );
    expect(given.shown.join('')).toContain('orchestra proposal run-1 --environment production');
  });

  it('is not asked about where the file does not say so, or where there is a configuration', async () => {
    for (const missing of [await givenMissing({}, false), await givenMissing({ listFiles: async () => ['main.tf'] })]) {
      const ended = await missing.attempt();
      expect(ended).toMatchObject(asWithout);
      expect(ended).not.toHaveProperty('slice');
      expect(missing.model.asked).toEqual([]);
    }
  });

  it('says which settings are missing', async () => {
    const { attempt } = await givenMissing({ model: { missing: ['OPENAI_MODEL'] } });

    const ended = await attempt();

    expect(ended).toMatchObject(asWithout);
    expect(proposalOf(ended)).toMatchObject({
      state: 'none',
      reason: 'no_model',
      message: expect.stringContaining('OPENAI_MODEL'),
    });
  });

  it.each<[string, string, (model: FakeProposals) => void]>([
    ['is down', 'model_unavailable', (model) => model.next.push(modelErrors.down)],
    ['refuses', 'model_refused', (model) => model.next.push(modelErrors.refuses)],
    ['breaks its library', 'given_up', (model) => model.next.push(new TypeError('x is no function'))],
    ['leads outside', 'path_refused', (model) => (model.files = [{ path: '../../etc/cron.d/x.tf', content: 'x' }])],
    ['writes too much', 'too_large', (model) => (model.files = [{ path: 'main.tf', content: 'x\n'.repeat(50_000) }])],
    [
      'writes programs',
      'content_refused',
      (model) => (model.files = [{ path: 'main.tf', content: 'data "external" "a" {}' }]),
    ],
    [
      'names other files than git sees',
      'patch_refused',
      (model) => (model.files = [{ path: 'other.tf', content: 'x' }]),
    ],
  ])('fails as ever when the model %s', async (_what, reason, misbehave) => {
    const { attempt, model } = await givenMissing();
    misbehave(model);

    const ended = await attempt();

    expect(ended).toMatchObject(asWithout);
    expect(proposalOf(ended)).toMatchObject({ state: 'none', reason, digest: null, files: [] });
    expect(model.asked).toHaveLength(1);
  });

  it('fails as ever when git would not apply the patch', async () => {
    const refused = new OrchestraError('REQUEST_INVALID', 'main.tf: already exists');
    const { attempt } = await givenMissing({ checkPatch: async () => Promise.reject(refused) });

    const ended = await attempt();

    expect(ended).toMatchObject(asWithout);
    expect(proposalOf(ended)).toMatchObject({ state: 'none', reason: 'patch_refused' });
  });

  it('is asked about once in each generation, also by an attempt that died while it asked', async () => {
    const { given, run, model, attempt } = await givenMissing();

    await attempt();
    await attempt();
    expect(model.asked).toHaveLength(1);

    expect(await attempt({ generation: 2 })).toMatchObject(asWithout);
    expect(model.asked).toHaveLength(2);

    const noted = given.attempt(run).run.slices.iac['production'];
    given.keep(run, { production: { ...noted, proposal: { ...noted?.proposal, state: 'asking' } } });
    const ended = await attempt({ generation: 2 });
    expect(ended).toMatchObject(asWithout);
    expect(proposalOf(ended)).toMatchObject({ state: 'none', reason: 'interrupted' });
    expect(model.asked).toHaveLength(2);
  });

  it('is written down before it is asked about, so that a crash asks nobody twice', async () => {
    const { given, run, model, attempt } = await givenMissing();
    const written: unknown[] = [];
    const { propose } = model;
    model.propose = async (request, signal) => {
      written.push(given.attempt(run).run.slices.iac['production']?.proposal?.state);
      return propose(request, signal);
    };

    await attempt();

    expect(written).toEqual(['asking']);
  });

  it('is not asked about any more when the run is cancelled', async () => {
    const { model, attempt } = await givenMissing();

    await attempt({ wishes: ['cancel'] });

    expect(model.asked).toEqual([]);
  });
});
