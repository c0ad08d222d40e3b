import { unitNames } from '@orchestra/contracts';
import { defineService, obeyRetries, type Service } from '@orchestra/runtime';
import { concludeBuildReady, handleBuildReady } from './handle-build-ready.ts';
import type { Ports } from './ports.ts';

// The plan's own limit is enforced on the commands; this one only ends what hangs in between.
const maxMs = 26 * 3_600_000;
// The most that a file may ask for; its own number is kept by the handlers.
const attempts = 10;

/** The card of the service. */
export function createService(ports: Ports): Service<'test'> {
  return defineService({
    name: 'test',
    on: {
      // Tests wait for one thing only, the build: there is no gate to arm, and nothing to do yet.
      code_push: { kind: 'arms' },
      build_ready: {
        kind: 'stage',
        attempts,
        maxMs,
        unit: () => unitNames.test,
        handle: async (event, context) => handleBuildReady(event, context, ports),
        conclude: concludeBuildReady,
      },
      operator_command: obeyRetries('test'),
    },
    start: async () => {
      await ports.workbench.sweep();
      return async () => {};
    },
  });
}
