import * as build from '@orchestra/build';
import * as chatops from '@orchestra/chatops';
import * as codeAnalysis from '@orchestra/code-analysis';
import type { ServiceName } from '@orchestra/contracts';
import * as deploy from '@orchestra/deploy';
import * as gitops from '@orchestra/gitops';
import * as iac from '@orchestra/iac';
import * as observability from '@orchestra/observability';
import * as rollback from '@orchestra/rollback';
import {
  digestToken,
  runService,
  type ApiToken,
  type Clock,
  type RunningService,
  type RunService,
  type Service,
} from '@orchestra/runtime';
import * as test from '@orchestra/test';
import { packFakeArchive, type Reach } from '@orchestra/testkit/world';
import type { World } from './world.ts';

type Surroundings = Omit<RunService<ServiceName>, 'service'>;
type Starter = (surroundings: Surroundings) => Promise<RunningService>;

export interface Place {
  world: World;
  reach: Reach;
  clock: Clock;
}

export const token = 'a-token-of-the-simulation';
const tokens: readonly ApiToken[] = [{ name: 'ada', role: 'admin', digest: Buffer.from(digestToken(token), 'hex') }];

/** Where repositories are cloned from. */
export const cloneTemplate = 'https://git.test/{repository}.git';

/** The nine services with their real code, on fakes at their ports. */
export function createStarters(place: Place): Record<ServiceName, Starter> {
  const { world, reach, clock } = place;
  const { benches, chat, infrastructure, registry, targets } = world.outside;
  const workbench = benches.connect(reach, clock);
  const releases = targets.releases(reach, clock);
  const proposing = {
    model: { missing: ['OPENAI_MODEL'] },
    listFiles: async () => [],
    lookAround: async () => ({ files: [], manifests: {} }),
    checkPatch: async () => [],
    hide: () => '[secret]',
  };
  const infrastructurePorts = { ...infrastructure.connect(reach, clock), proposing, lookEveryMs: 20_000 };
  const linter = { name: 'oxlint', call: () => ({ argv: ['make lint'], readOnlyPaths: [] }) };
  return {
    gitops: starter(() => gitops.createService(gitopsPorts(place))),
    build: starter(() => build.createService({ workbench, images: registry.connect(reach) })),
    'code-analysis': starter(() => codeAnalysis.createService({ workbench, linter })),
    test: starter(() => test.createService({ workbench })),
    iac: starter(() => iac.createService(infrastructurePorts)),
    deploy: starter(() => deploy.createService({ releases })),
    observability: starter(() => observability.createService({ measurements: targets.measurements(reach) })),
    rollback: starter(() => rollback.createService({ releases })),
    chatops: starter(() =>
      chatops.createService({ chat: chat.connect(reach), defaultChannel: '#ops', tokens, publicUrl: null }),
    ),
  };
}

function starter<S extends ServiceName>(create: () => Service<S>): Starter {
  return (surroundings) => runService({ ...surroundings, service: create() });
}

function gitopsPorts({ world, reach }: Place): gitops.Ports {
  const { repositories, forge } = world.outside;
  return {
    git: repositories.git(reach),
    forge: forge.connect(reach),
    deliveries: null,
    lookEveryMs: 300_000,
    webhooks: {
      async read({ body, event }) {
        const payload: object = JSON.parse(body.toString('utf8'));
        return { kind: 'event', name: event ?? '', payload };
      },
    },
    pack: (folder) => packFakeArchive(repositories.exported(folder)),
    repositories: { entries: [{ pattern: 'acme/*', cloneUrl: null }], template: cloneTemplate },
    tokens,
    allowForks: false,
    maxSupersedes: 3,
    accepts: { maxAtOnce: 1000, maxBytes: 134_217_728 },
    publicUrl: null,
  };
}
