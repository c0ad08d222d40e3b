import { defineService, type Service } from '@orchestra/runtime';
import { createAcceptRoom } from './accept-room.ts';
import { concludeFetch, fetchSource } from './fetch-source.ts';
import { routeGithub } from './github-route.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import { lookAtStart, lookForPushes } from './look-for-pushes.ts';
import type { Ports } from './ports.ts';
import { withPushNames } from './push-names.ts';
import { removeArtifacts } from './remove-artifacts.ts';
import { renderStatuses } from './render-statuses.ts';
import { routeTrigger } from './trigger-route.ts';
import { watchDeadline } from './watch-deadline.ts';

/** The card of gitops: pushes come in, runs begin, and what becomes of them is shown beside the commit. */
export function createService(ports: Ports): Service<'gitops'> {
  return defineService<'gitops'>({
    name: 'gitops',
    on: {
      build_ready: { kind: 'follow' },
      code_analysis: { kind: 'follow' },
      test_results: { kind: 'follow' },
      iac_ready: { kind: 'follow' },
      deployment_triggered: { kind: 'follow' },
      deployment_health: { kind: 'follow' },
      observability_alert: { kind: 'follow' },
      rollback_event: { kind: 'follow' },
      operator_command: {
        kind: 'reaction',
        concerns: ({ data }) => data.addressee === 'gitops',
        handle: (event, context) => handleOperatorCommand(event, context, ports),
      },
    },
    tasks: {
      fetch: {
        maxMs: 900_000,
        handle: async (payload, context) => withPushNames(payload, await fetchSource(context, ports)),
        conclude: (conclusion, payload, context) => withPushNames(payload, concludeFetch(conclusion, context)),
      },
      look: { maxMs: 600_000, concurrency: 1, handle: (_payload, context) => lookForPushes(context, ports) },
      remove: { maxMs: 1_800_000, concurrency: 1, handle: (_payload, context) => removeArtifacts(context) },
      deadline: { handle: (_payload, context) => watchDeadline(context) },
    },
    schedules: [
      { task: 'look', everyMs: ports.lookEveryMs },
      { task: 'remove', everyMs: 3_600_000 },
    ],
    start: lookAtStart,
    routes(router, context) {
      const room = createAcceptRoom(ports.accepts);
      routeGithub(router, { ...ports, room }, context);
      routeTrigger(router, { ...ports, room }, context);
    },
    render: (run, context) => renderStatuses(run, context, ports),
  });
}
