import type { Outgoing } from '@orchestra/contracts';
import { defineService, type Service } from '@orchestra/runtime';

/** The stage whose hop is measured: it has nothing to do, so that only the way there and back counts. */
export function emptyStageCard(): Service<'build'> {
  return defineService<'build'>({
    name: 'build',
    on: {
      code_push: {
        kind: 'stage',
        unit: () => 'build',
        handle: async () => ({ kind: 'end', status: 'success', events: [builtEvent()] }),
        conclude: ({ status, reason }) => ({ kind: 'end', status, reason, events: [] }),
      },
      operator_command: { kind: 'reaction', concerns: () => false, handle: async () => ({ kind: 'again' }) },
    },
  });
}

// Four artifacts make a body of about the size that the yardsticks carry.
function builtEvent(): Outgoing<'build_ready'> {
  const artifacts = ['shop', 'cart', 'mail', 'jobs'].map((name) => ({
    name,
    kind: 'ARCHIVE' as const,
    digest: `sha256:${'a'.repeat(64)}`,
    sizeBytes: 1_048_576,
    reference: `registry.example/acme/${name}:1`,
  }));
  return { topic: 'build_ready', data: { outcome: 'SUCCESS', reason: null, artifacts, durationMs: 1 } };
}
