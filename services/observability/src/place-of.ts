import { targetKey } from '@orchestra/contracts';
import type { Watching } from './look.ts';
import type { ReleasePlace } from './ports.ts';

/** Where a release of what is watched runs. */
export function placeOf({ context, subject, plan }: Watching, release: string): ReleasePlace {
  const target = targetKey({ repository: context.run.repository, ...subject });
  return { target, namespace: plan.deployment?.namespaces?.[subject.environment] ?? null, release };
}
