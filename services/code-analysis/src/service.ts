import { unitNames } from '@orchestra/contracts';
import { defineService, obeyRetries, type Service } from '@orchestra/runtime';
import { concludeBuildReady, handleBuildReady } from './handle-build-ready.ts';
import { concludeCodePush, handleCodePush } from './handle-code-push.ts';
import type { Ports } from './ports.ts';

// The plan's own limit is enforced on the commands; this one only ends what hangs in between.
const maxMs = 26 * 3_600_000;
// The most that a file may ask for; its own number is kept by the handlers.
const attempts = 10;

/** The card of the service. */
export function createService(ports: Ports): Service<'code-analysis'> {
  return defineService({
    name: 'code-analysis',
    on: {
      code_push: {
        kind: 'stage',
        attempts,
        maxMs,
        unit: () => unitNames.source,
        handle: async (event, context) => handleCodePush(event, context, ports),
        conclude: concludeCodePush,
      },
      build_ready: {
        kind: 'stage',
        attempts,
        maxMs,
        unit: () => unitNames.artifact,
        handle: async (event, context) => handleBuildReady(event, context, ports),
        conclude: concludeBuildReady,
      },
      operator_command: obeyRetries('code-analysis'),
    },
    start: async () => {
      await ports.workbench.sweep();
      return async () => {};
    },
  });
}
