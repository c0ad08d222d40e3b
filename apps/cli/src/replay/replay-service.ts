import * as build from '@orchestra/build';
import * as chatops from '@orchestra/chatops';
import * as codeAnalysis from '@orchestra/code-analysis';
import type { ServiceName } from '@orchestra/contracts';
import * as deploy from '@orchestra/deploy';
import * as gitops from '@orchestra/gitops';
import * as iac from '@orchestra/iac';
import * as observability from '@orchestra/observability';
import * as rollback from '@orchestra/rollback';
import { replayEvents, type Replayed, type ReplayEvents, type Service } from '@orchestra/runtime';
import * as test from '@orchestra/test';
import { createUnaskedWorld, type UnaskedWorld } from './unasked-world.ts';
import { createWillingReleases } from './willing-releases.ts';

type Recorded = Omit<ReplayEvents<ServiceName>, 'build' | 'plannedRelease'>;

/** Gives recorded events to the build of a service that this program carries. Asks nothing of the world, publishes nothing. */
export async function replayService(name: ServiceName, recorded: Recorded): Promise<Replayed[]> {
  const world = createUnaskedWorld();
  return replays[name](world, { ...recorded, plannedRelease: deploy.plannedRelease });
}

type Given = Recorded & Pick<ReplayEvents<ServiceName>, 'plannedRelease'>;

const replays: Record<ServiceName, (world: UnaskedWorld, given: Given) => Promise<Replayed[]>> = {
  gitops: (world, given) => replay(gitops.createService(world.ports()), world, given),
  build: (world, given) => replay(build.createService(world.ports()), world, given),
  'code-analysis': (world, given) => replay(codeAnalysis.createService(world.ports()), world, given),
  test: (world, given) => replay(test.createService(world.ports()), world, given),
  iac: (world, given) => replay(iac.createService(world.ports()), world, given),
  deploy: (world, given) => replay(deploy.createService({ releases: createWillingReleases(world) }), world, given),
  observability: (world, given) => replay(observability.createService(world.ports()), world, given),
  rollback: (world, given) => replay(rollback.createService({ releases: createWillingReleases(world) }), world, given),
  chatops: (world, given) => replay(chatops.createService(world.ports()), world, given),
};

function replay<S extends ServiceName>(
  service: Service<S>,
  { takeTouched }: UnaskedWorld,
  given: Given,
): Promise<Replayed[]> {
  return replayEvents<S>({ ...given, build: { service, takeTouched } });
}
