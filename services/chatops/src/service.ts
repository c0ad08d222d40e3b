import { defineService, type Service } from '@orchestra/runtime';
import { serveApi } from './api/serve-api.ts';
import { handleObservabilityAlert } from './handle-observability-alert.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import type { Ports } from './ports.ts';
import { publishCommand } from './publish-command.ts';
import { renderMessages } from './render-messages.ts';
import { servePage } from './serve-page.ts';
import { tellRefusal } from './tell-refusal.ts';

/** The card of chatops: what people see of runs, and what they ask for. */
export function createService(ports: Ports): Service<'chatops'> {
  return defineService<'chatops'>({
    name: 'chatops',
    on: {
      code_push: { kind: 'follow' },
      build_ready: { kind: 'follow' },
      code_analysis: { kind: 'follow' },
      test_results: { kind: 'follow' },
      iac_ready: { kind: 'follow' },
      deployment_triggered: { kind: 'follow' },
      deployment_health: { kind: 'follow' },
      // One about a release changes its run, which is shown anyway.
      observability_alert: {
        kind: 'reaction',
        concerns: ({ data }) => data.release === null,
        handle: (event, context) => handleObservabilityAlert(event, context, ports),
      },
      rollback_event: { kind: 'follow' },
      operator_command: { kind: 'reaction', handle: handleOperatorCommand },
    },
    tasks: {
      command: { handle: publishCommand },
      refusal: { handle: async (payload) => tellRefusal(payload) },
    },
    routes(router, context) {
      serveApi(router, ports, context);
      servePage(router);
    },
    render: (run, context) => renderMessages(run, context, ports),
  });
}
