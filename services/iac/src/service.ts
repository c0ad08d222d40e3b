import { fromOutcome, unitNames } from '@orchestra/contracts';
import { defineService, obeyRetries, type Service } from '@orchestra/runtime';
import { handleGate } from './handle-gate.ts';
import type { Ports } from './ports.ts';
import { report } from './report.ts';

/** Plans and applies the infrastructure of each environment, behind the gate of tests and analysis. */
export function createService(ports: Ports): Service<'iac'> {
  return defineService({
    name: 'iac',
    on: {
      code_push: { kind: 'arms' },
      test_results: {
        kind: 'input',
        input: ({ data }) => ({ unit: unitNames.test, status: fromOutcome(data.outcome) }),
      },
      code_analysis: {
        kind: 'input',
        input: ({ data }) => ({
          unit: data.unit === 'ARTIFACT' ? unitNames.artifact : unitNames.source,
          status: fromOutcome(data.outcome),
        }),
      },
      operator_command: obeyRetries('iac'),
    },
    gate: {
      attempts: 2,
      maxMs: 5 * 3_600_000,
      concurrency: 2,
      // Planning stops at a wish; an apply that has begun is finished first.
      obeysWishes: true,
      handle: (context) => handleGate(context, ports),
      conclude: ({ status, reason, message }, context) => report(context, { status, reason, message }),
    },
    start: async () => {
      await ports.sweep();
      return async () => {};
    },
  });
}
