import { unitNames } from '@orchestra/contracts';
import { defineService, readHeldTarget, type Service } from '@orchestra/runtime';
import { endsItsGroup, groupTask, handleMemberEnded } from './group-task.ts';
import { handleDeploymentTriggered } from './handle-deployment-triggered.ts';
import { handleObservabilityAlert } from './handle-observability-alert.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import { obeyOrder } from './obey-order.ts';
import type { Ports } from './ports.ts';
import { readAlert, readFailure, readOrder } from './read-request.ts';
import { nothingServes } from './report.ts';
import { concludeRollback } from './roll-back.ts';

// A way back keeps its place until the restored release is verified, most of which is waiting; nobody's alert may queue behind it.
const concurrency = 32;
const limits = { attempts: 6, maxMs: 1_800_000, concurrency };

// A way back is never stopped half-way: no wish binds it.
const stage = { kind: 'stage' as const, ...limits, bound: () => false };

/** Brings the last good release back: on an alert, after a failed rollout, or when a person says so. */
export function createService(ports: Ports): Service<'rollback'> {
  return defineService({
    name: 'rollback',
    concurrency,
    on: {
      observability_alert: {
        ...stage,
        unit: ({ data }) => (data.release === null ? null : unitNames.rollback(data.environment, data.service)),
        handle: (event, context) => handleObservabilityAlert(event, { context, ports }),
        conclude: (conclusion, event, context) => concludeRollback(conclusion, readAlert(event), { context, ports }),
      },
      deployment_triggered: {
        ...stage,
        // A refusal of ours that deploy tells people about is no new request.
        unit: ({ data }) =>
          data.phase === 'FAILED' && data.reason !== 'rollback_refused' && data.release !== null
            ? unitNames.rollback(data.environment, data.service)
            : null,
        handle: (event, context) => handleDeploymentTriggered(event, { context, ports }),
        conclude: (conclusion, event, context) => concludeRollback(conclusion, readFailure(event), { context, ports }),
        reaction: {
          kind: 'reaction',
          concerns: ({ data }) => endsItsGroup(data),
          handle: handleMemberEnded,
        },
      },
      operator_command: orders(ports),
    },
    tasks: { group: { ...limits, ...groupTask(ports) } },
  });
}

function orders(ports: Ports): Service<'rollback'>['on']['operator_command'] {
  return {
    ...stage,
    unit: ({ data, runId }) =>
      data.addressee === 'rollback' &&
      data.action === 'ROLLBACK' &&
      data.environment !== null &&
      data.service !== null &&
      runId !== ''
        ? unitNames.rollback(data.environment, data.service)
        : null,
    handle: (event, context) => handleOperatorCommand(event, { context, ports }),
    conclude: async (conclusion, event, context) => {
      const { environment, service } = event.data;
      const name = { repository: context.run.repository, environment: environment ?? '', service: service ?? '' };
      const { target } = await readHeldTarget(context, name);
      const asked = readOrder(event, target);
      return asked === null
        ? nothingServes(name, target.epoch)
        : concludeRollback(conclusion, asked, { context, ports });
    },
    reaction: {
      kind: 'reaction',
      concerns: ({ data }) => data.addressee === 'rollback',
      handle: (event, context) => obeyOrder(event, context),
    },
  };
}
