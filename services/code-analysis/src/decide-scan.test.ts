import { describe, expect, it } from '@jest/globals';
import type { AnalysisPlan } from '@orchestra/contracts';
import { decideScan } from './decide-scan.ts';

const plan: AnalysisPlan = {
  enabled: true,
  tools: [],
  artifactScan: { command: ['scan'], report: null },
  failOn: 'error',
  timeoutMs: 1,
  attempts: 1,
  haltOnFailure: true,
};
const built = { outcome: 'SUCCESS', artifacts: 1 } as const;

describe('decideScan', () => {
  it('scans with the command of the file', () => {
    expect(decideScan(built, plan)).toEqual({ kind: 'scan', command: ['scan'], report: null, settings: plan });
  });

  it.each([
    ['skipped', 'build_not_good', null, built],
    ['not_needed', 'switched_off', { ...plan, enabled: false }, built],
    ['not_needed', 'no_scanner', { ...plan, artifactScan: null }, built],
    ['not_needed', 'nothing_built', plan, { outcome: 'NOT_NEEDED', artifacts: 0 }],
  ] as const)('is %s: %s', (status, reason, settings, facts) => {
    expect(decideScan(facts, settings)).toMatchObject({ kind: 'none', status, reason });
  });
});
