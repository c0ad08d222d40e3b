import { describe, expect, it } from '@jest/globals';
import type { RemovalSlice } from '@orchestra/contracts';
import { aRun } from '@orchestra/testkit';
import { decideRemovalReplies } from './decide-removal-replies.ts';

const question = { digest: 'sha256:q', approvers: ['ada'], until: '2026-01-02T00:00:00Z' };
const counts = { toAdd: 0, toChange: 0, toDestroy: 1, destroys: ['db.a'], planDigest: 'sha256:p', tool: 'tofu' };
const waiting: RemovalSlice = { ...counts, phase: 'waiting', generation: 1, question, jobId: 'j', ended: null };

function told(removal: RemovalSlice): string[] {
  const run = aRun();
  const unit = {
    generation: 1,
    status: 'success',
    reason: null,
    message: null,
    at: '',
    startedAt: null,
    endedAt: null,
  } as const;
  const preview = { ...counts, phase: 'applied' as const, generation: 1, outputs: {}, removal };
  const replies = decideRemovalReplies({
    ...run,
    units: { 'iac/preview': unit },
    slices: { ...run.slices, iac: { preview } },
  });
  return replies.map(({ lines }) =>
    lines.map((line) => line.map((part) => ('ours' in part ? part.ours : part.foreign)).join('')).join('\n'),
  );
}

describe('decideRemovalReplies', () => {
  it('asks, with all names and how to answer', () => {
    const [text = ''] = told(waiting);

    expect(text).toContain('preview: waits for a person\n• db.a\nTo answer as ada');
    expect(text).toContain('"digest": "sha256:q"');
  });

  it.each([
    ['it is gone', { phase: 'applied', reason: 'destroyed' }, 'preview: it is gone\ndestroyed'],
    ['why it is not', { phase: 'planned', reason: 'rejected' }, 'preview: ended\nrejected'],
    ['what to say of one that was cut', { phase: 'applying', reason: 'cut' }, 'After a look'],
  ] as const)('says %s', (_what, { phase, reason }, text) => {
    const [said] = told({ ...waiting, phase, question: null, ended: { reason, message: null } });

    expect(said).toContain(text);
  });
});
