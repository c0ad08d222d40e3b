import { describe, expect, it } from '@jest/globals';
import type { ApprovalSlice, RolloutSlice } from '@orchestra/contracts';
import { aRun } from '@orchestra/testkit';
import { decideMessages, type Line } from './decide-messages.ts';

const content = { digest: 'sha256:d', artifact: 'sha256:a', configuration: 'sha256:c' };
const rules = { count: 2, approvers: [], groups: ['sre'], author: 'linus' };
const times = { askedAt: '2026-01-01T00:00:00.000Z', until: '2026-01-02T00:00:00.000Z' };
const answers = { approved: [], voided: [] };
const approval: ApprovalSlice = { generation: 1, state: 'waiting', ...content, ...rules, ...times, ...answers };
const preflight = {
  generation: 1,
  eligible: true,
  reason: 'can_go_back',
  to: 'r1',
  risk: 3,
  terms: [],
  configuration: [],
};
const shown = { release: null, version: null, previousRelease: null, strategy: 'none', state: 'waiting', step: 0 };
const rollout: RolloutSlice = {
  ...shown,
  steps: 0,
  weightPercent: 0,
  epoch: 0,
  url: null,
  waitsFor: 'approval',
  preflight,
  approval,
};

function messagesOf(question: ApprovalSlice) {
  const { slices } = aRun();
  const name = 'deploy/production/shop';
  const unit = { generation: 1, status: 'waiting', reason: 'approval', message: 'production waits', at: '' } as const;
  const run = aRun({
    plannedUnits: [{ unit: name, service: 'deploy', after: [], gate: null, gateDeadlineMs: 1 }],
    units: { [name]: { ...unit, startedAt: null, endedAt: null } },
    slices: { ...slices, deploy: { 'production/shop': { ...rollout, approval: question } } },
  });
  const { main, replies } = decideMessages(run, ['approval']);
  return { text: textOf(main ?? []), replies: replies.map(({ about, lines }) => ({ about, text: textOf(lines) })) };
}

function textOf(lines: readonly Line[]): string {
  return lines.map((line) => line.map((part) => ('ours' in part ? part.ours : part.foreign)).join('')).join('\n');
}

describe('the message of a run that waits for approvals', () => {
  it('has the pre-flight, who may approve what, and how many are missing', () => {
    const { text, replies } = messagesOf(approval);

    expect(text).toContain(':mag: pre-flight of production/shop: can go back to r1; risk 3 of 100');
    expect(text).toContain(
      ':raised_hand: approvals of production/shop: 0 of 2 approvals (nobody) for sha256:a; 2 missing, of the group sre, not of the author linus',
    );
    expect(replies).toMatchObject([{ text: expect.stringContaining('orchestra approve') }]);
  });

  it('answers in its thread to each approval anew', () => {
    const given = [{ actor: 'ada', at: '2026-01-01T01:00:00.000Z', note: null }];

    const about = [approval, { ...approval, approved: given }].map((each) => messagesOf(each).replies[0]?.about);

    expect(new Set(about).size).toBe(2);
  });
});
