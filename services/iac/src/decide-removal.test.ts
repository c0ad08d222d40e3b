import { describe, expect, it } from '@jest/globals';
import type { InfrastructurePlan, RollbackEvent } from '@orchestra/contracts';
import { decideRemoval } from './decide-removal.ts';

const infrastructure: InfrastructurePlan = { tool: 'auto', path: '.', planTimeoutMs: 1, applyTimeoutMs: 1 };
const usual = { enabled: true, cooldownMs: 0, budgetPerDay: 1 };

interface Case {
  outcome?: RollbackEvent['outcome'];
  destroysIn?: readonly string[];
  isPlanned?: boolean;
}

function decide({ outcome = 'SUCCESS', destroysIn = ['preview'], isPlanned = true }: Case) {
  const plan = { infrastructure: isPlanned ? infrastructure : null, rollback: { ...usual, destroysIn } };
  return decideRemoval({ rollback: { outcome, environment: 'preview' }, plan });
}

describe('decideRemoval', () => {
  it('destroys after a rollback where the file says so', () => {
    expect(decide({})).toEqual({ kind: 'remove', reason: 'release_rolled_back' });
  });

  it.each<[string, Case, string]>([
    ['the file does not say so', { destroysIn: [] }, 'not_asked_for'],
    ['the file says so of another environment', { destroysIn: ['other'] }, 'not_asked_for'],
    ['the rollback was refused', { outcome: 'SKIPPED' }, 'not_restored'],
    ['nobody knows what became of the rollback', { outcome: 'UNKNOWN' }, 'not_restored'],
    ['the outcome is one that it does not know', { outcome: 'UNRECOGNIZED' }, 'not_restored'],
    ['there is no infrastructure', { isPlanned: false }, 'no_infrastructure'],
  ])('keeps it when %s', (_what, given, reason) => {
    expect(decide(given)).toEqual({ kind: 'keep', reason });
  });

  it('keeps it for a plan of a version that knew of no removal', () => {
    const rollback = { outcome: 'SUCCESS', environment: 'preview' } as const;

    expect(decideRemoval({ rollback, plan: { infrastructure, rollback: usual } })).toMatchObject({ kind: 'keep' });
  });
});
