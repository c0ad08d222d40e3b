import { fromOutcome, unitNames, type Received } from '@orchestra/contracts';
import { defineService, type Ended, type Service, type TaskHandler } from '@orchestra/runtime';
import { concludeRollout } from './conclude-rollout.ts';
import { endFailing } from './end-failing.ts';
import { endWatch } from './end-watch.ts';
import { handleDeploymentHealth } from './handle-deployment-health.ts';
import { handleGate } from './handle-gate.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import { handleRollbackEvent } from './handle-rollback-event.ts';
import { judgeStep } from './judge-step.ts';
import { lookForDrift, tellDrift } from './look-for-drift.ts';
import type { Ports } from './ports.ts';
import { tendWhileRunning } from './tend-releases.ts';

// A step starts processes and waits until they are ready; what waits for verdicts is parked and takes no room here.
const limits = { attempts: 5, maxMs: 3_600_000, concurrency: 8 };

/** Brings releases into targets, step by step, behind the gate of infrastructure and of the environment before. */
export function createService(ports: Ports): Service<'deploy'> {
  return defineService({
    name: 'deploy',
    on: {
      code_push: { kind: 'arms' },
      iac_ready: {
        kind: 'input',
        input: ({ data }) => ({ unit: unitNames.iac(data.environment), status: fromOutcome(data.outcome) }),
      },
      deployment_health: {
        kind: 'input',
        input: (event) =>
          event.data.final ? { unit: observed(event), status: fromOutcome(event.data.outcome) } : null,
        reaction: { kind: 'reaction', handle: handleDeploymentHealth },
      },
      observability_alert: {
        kind: 'input',
        input: (event) => (event.data.source === 'WATCH' ? { unit: observed(event), status: 'failure' } : null),
      },
      rollback_event: { kind: 'reaction', handle: handleRollbackEvent },
      operator_command: {
        kind: 'reaction',
        concerns: ({ data }) => data.addressee === 'deploy',
        handle: (event, context) => handleOperatorCommand(event, context, ports),
      },
    },
    gate: {
      ...limits,
      obeysWishes: true,
      handle: (context) => handleGate(context, ports),
      conclude: (conclusion, context) => concludeRollout(conclusion, context, ports),
    },
    tasks: { ...tasksOf(ports), ...driftTasksOf(ports) },
    schedules: ports.drift === undefined ? [] : [{ task: 'compare', everyMs: ports.drift.everyMs }],
    start: async (context) => tendWhileRunning(context, ports),
  });
}

/** What goes on with a rollout after its gate: each step's verdict, the end of a failed one, the watch over a release. */
function tasksOf(ports: Ports): Record<'judge' | 'failing' | 'watch', TaskHandler<'deploy'>> {
  return {
    judge: {
      ...limits,
      obeysWishes: true,
      handle: (payload, context) => judgeStep(payload, context, ports),
      conclude: (conclusion, _payload, context) => concludeRollout(conclusion, context, ports),
    },
    failing: {
      ...limits,
      handle: (payload, context) => endFailing(payload, context, ports),
      conclude: (conclusion, _payload, context) => concludeRollout(conclusion, context, ports),
    },
    watch: {
      ...limits,
      handle: (payload, context) => endWatch(payload, context, ports),
      conclude: ({ status, reason, message }) => ({ kind: 'end', status, reason, message, events: [] }),
    },
  };
}

// Where nobody is to look, a job that another configuration has left ends without a word.
function driftTasksOf({ drift }: Ports): Record<'compare' | 'drift', TaskHandler<'deploy'>> {
  const nothing: Ended<'deploy'> = { kind: 'end', status: null, events: [] };
  return {
    compare: {
      concurrency: 1,
      handle: async (_payload, context) => (drift === undefined ? nothing : lookForDrift(context, drift)),
    },
    drift: {
      concurrency: 1,
      handle: async (payload, context) => (drift === undefined ? nothing : tellDrift(payload, context, drift)),
    },
  };
}

function observed({ data }: Received<'deployment_health' | 'observability_alert'>): string {
  return unitNames.observe(data.environment, data.service);
}
