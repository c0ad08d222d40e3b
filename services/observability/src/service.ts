import { unitNames } from '@orchestra/contracts';
import { defineService, type Service } from '@orchestra/runtime';
import { routeAlerts } from './alert-route.ts';
import { attributeAlert, tellOutsideAlert } from './attribute-alert.ts';
import { keepSamples } from './history/keep-samples.ts';
import { keepTask } from './history/wants-history.ts';
import { concludeWatch, handleDeploymentTriggered } from './handle-deployment-triggered.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import { handleRollbackEvent, watchRestored } from './handle-rollback-event.ts';
import type { Ports } from './ports.ts';
import { watchLimits } from './watch-limits.ts';

/** Watches each step and each release, and says whether it is healthy, unhealthy, or cannot be judged. */
export function createService(ports: Ports): Service<'observability'> {
  const { blastLimit = 3 } = ports;
  return defineService({
    name: 'observability',
    on: {
      deployment_triggered: {
        kind: 'stage',
        ...watchLimits,
        unit: ({ data }) => (data.phase === 'UNRECOGNIZED' ? null : unitNames.observe(data.environment, data.service)),
        // The watch over a release that serves belongs to the release: no wish on the run ends it.
        bound: ({ data }) => data.phase !== 'RELEASED',
        obeysWishes: true,
        handle: (event, context) => handleDeploymentTriggered(event, context, ports),
        conclude: concludeWatch,
      },
      rollback_event: {
        kind: 'reaction',
        concerns: ({ data }) => data.outcome === 'SUCCESS' && data.toRelease !== null,
        handle: handleRollbackEvent,
      },
      operator_command: {
        kind: 'reaction',
        concerns: ({ data }) => data.addressee === 'observability',
        handle: handleOperatorCommand,
      },
    },
    tasks: {
      watch_restored: { ...watchLimits, handle: (payload, context) => watchRestored(payload, context, ports) },
      [keepTask]: { ...watchLimits, handle: (payload, context) => keepSamples(payload, context, ports) },
      attribute_alert: { handle: (payload, context) => attributeAlert(payload, context, { blastLimit }) },
      outside_alert: { handle: async (payload) => tellOutsideAlert(payload) },
    },
    routes: (router, context) => routeAlerts(router, ports, context),
  });
}
