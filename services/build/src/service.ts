import { unitNames } from '@orchestra/contracts';
import { defineService, obeyRetries, type Service } from '@orchestra/runtime';
import { concludeCodePush, handleCodePush } from './handle-code-push.ts';
import type { Ports } from './ports.ts';

// The plan's own limit is enforced on the commands; this one only ends what hangs in between.
const maxMs = 26 * 3_600_000;

/** The card of the service. */
export function createService(ports: Ports): Service<'build'> {
  return defineService({
    name: 'build',
    on: {
      code_push: {
        kind: 'stage',
        maxMs,
        unit: () => unitNames.build,
        handle: async (event, context) => handleCodePush(event, context, ports),
        conclude: concludeCodePush,
      },
      operator_command: obeyRetries('build'),
    },
    start: async () => {
      await ports.workbench.sweep();
      return async () => {};
    },
  });
}
