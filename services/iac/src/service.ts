import { fromOutcome, unitNames } from '@orchestra/contracts';
import { defineService, type Service } from '@orchestra/runtime';
import { concludeUnit } from './conclude-unit.ts';
import { handleGate } from './handle-gate.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import { handleRollbackEvent } from './handle-rollback-event.ts';
import { compareWithWorld, lookForDrift } from './look-for-drift.ts';
import type { Ports } from './ports.ts';
import { concludeRemoval, removeInfrastructure } from './remove-infrastructure.ts';

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
      rollback_event: { kind: 'reaction', handle: handleRollbackEvent },
      operator_command: {
        kind: 'reaction',
        concerns: ({ data }) => data.addressee === 'iac',
        handle: handleOperatorCommand,
      },
    },
    gate: {
      attempts: 2,
      maxMs: 5 * 3_600_000,
      concurrency: 2,
      // Planning stops at a wish; an apply that has begun is finished or interrupted once.
      obeysWishes: true,
      handle: (context) => handleGate(context, ports),
      conclude: (conclusion, context) => concludeUnit(conclusion, context, ports),
    },
    tasks: {
      drift: { concurrency: 1, handle: (_payload, context) => lookForDrift(context) },
      remove: {
        concurrency: 1,
        attempts: 3,
        maxMs: 5 * 3_600_000,
        obeysWishes: true,
        handle: (payload, context) => removeInfrastructure(payload, context, ports),
        conclude: (conclusion, payload, given) => concludeRemoval(conclusion, { payload, given, ports }),
      },
      compare: { concurrency: 1, handle: (payload, context) => compareWithWorld(payload, context, ports) },
    },
    schedules: [{ task: 'drift', everyMs: ports.lookEveryMs }],
    start: async () => {
      await ports.sweep();
      return async () => {};
    },
  });
}
