import { describe, expect, it } from '@jest/globals';
import { createTarget, infrastructureName, type InfrastructurePlan, type Target } from '@orchestra/contracts';
import { aContext } from '@orchestra/testkit';
import { lookAtInfrastructure } from './look-at-infrastructure.ts';
import type { Work } from './work.ts';

const name = { repository: 'acme/shop', environment: 'preview', service: 'web' };
const infrastructure: InfrastructurePlan = { tool: 'auto', path: '.', planTimeoutMs: 1, applyTimeoutMs: 1 };
const idle = { holder: null, waiter: null, applied: null, blocked: null, resolved: null, drift: null };
const job = { runId: 'r', generation: 1, sequence: 1, jobId: 'j', since: '', isApplying: true };
const gone = { runId: 'r', generation: 1, at: '' };
const blocked = { runId: 'r', generation: 1, at: '', message: '' };

function look(state: Target['infrastructure'] | null, plan: InfrastructurePlan | null = infrastructure) {
  const target = { ...createTarget({ ...name, service: infrastructureName }), infrastructure: state ?? undefined };
  const stored = { key: 'acme/shop/preview/_infrastructure', version: 1, target: JSON.stringify(target) };
  const store = { readTarget: async () => (state === null ? null : stored) };
  const work: Work = Object.assign(Object.create(null), { context: aContext('deploy', { store }), name });
  return lookAtInfrastructure(work, { infrastructure: plan });
}

describe('lookAtInfrastructure', () => {
  it.each([
    ['there', 'nobody has worked at it', null],
    ['there', 'it is idle', idle],
    ['there', 'a run applies', { ...idle, holder: job }],
    ['going', 'somebody destroys it', { ...idle, holder: { ...job, destroys: true } }],
    ['going', 'destroying it was cut', { ...idle, blocked: { ...blocked, destroys: true } }],
    ['gone', 'it was destroyed', { ...idle, gone }],
    ['there', 'it was made anew', { ...idle, gone: null }],
  ])('says %s when %s', async (is, _what, state) => {
    expect(await look(state)).toBe(is);
  });

  it('asks for none where the run has none', async () => {
    expect(await look({ ...idle, gone }, null)).toBe('there');
  });
});
