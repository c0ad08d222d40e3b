import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import type { Connect } from './connect-cluster.ts';
import { awaitPutBack, putBack } from './route/put-back.ts';
import { shareByRoute, type Sharing } from './route/share-by-route.ts';
import { shareReplicas, type Sharing as ReplicaSharing } from './share-replicas.ts';
import { marked, patchDeployment, patchService, underEpoch, type Entering } from './target-access.ts';
import { annotations, selectorOf } from './target-names.ts';
import { selectAll, selectOne } from './target-objects.ts';
import { byRoute, onlyServing, readyOf, releaseOf, sizeOf, type Gathered } from './view.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** A move that is being made. */
export interface Acting extends Entering {
  connect: Connect;
}

type Weights = Readonly<Record<string, number>>;

const weightsSchema = z.record(z.string(), z.number());

/** The shares that were asked for last; empty when somebody has written something else there. */
export function readWeights({ metadata }: V1Service): Record<string, number> {
  try {
    const parsed = weightsSchema.safeParse(JSON.parse(metadata?.annotations?.[annotations.weights] ?? '{}'));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

/** Gives each release its share: all of it by the Service's selector, parts by a route or by the ratio of pods. */
export async function shareTraffic(acting: Acting, weights: Weights): Promise<void> {
  const asked = Object.entries(weights).filter(([, weight]) => weight > 0);
  const [first, second, ...rest] = asked;
  if (first === undefined || rest.length > 0) {
    const message = `${asked.length} releases cannot share the traffic of a Service: it takes one or two`;
    throw new OrchestraError('RELEASE_NOT_READY', message);
  }
  if (second === undefined) return giveAll(acting, first[0]);
  const both = Object.fromEntries([first, second]);
  const sharing = await underEpoch(acting, async (gathered) => decideSharing(gathered, both));
  if (sharing === null) await spread(acting, both);
  else await shareByRoute(acting, sharing);
}

/** By which route a canary gets its share beside what the Service selects; null: by the number of pods. */
function decideSharing(gathered: Gathered, weights: Weights): Sharing | null {
  const stable = onlyServing(gathered.service);
  const canary = Object.keys(weights).find((release) => release !== stable);
  const found = gathered.deployments.find((one) => releaseOf(one) === canary);
  const route = found?.metadata?.annotations?.[annotations.route];
  if (stable === null || canary === undefined || route === undefined) return null;
  for (const release of Object.keys(weights)) demandReady(gathered, release);
  const [own = 0, other = 0] = [weights[canary], weights[stable]];
  return { route, canary, percent: (own * 100) / (own + other) };
}

/** Gives all traffic to one release. As long as it has only a part of it, its other pods are started first. */
export async function giveAll(acting: Acting, release: string): Promise<void> {
  const grown = await underEpoch(acting, async (gathered) => {
    const found = demandReady(gathered, release);
    const alone = onlyServing(gathered.service) !== null && byRoute(gathered) === null;
    const size = sizeOf(found);
    if (alone || (found.spec?.replicas ?? 1) >= size) return false;
    await scale(acting, found, size);
    return true;
  });
  if (grown) await settle(acting, release);
  const put = await underEpoch(acting, async (gathered) => {
    demandReady(gathered, release);
    const all = { weights: { [release]: 100 }, selector: selectOne(acting.names, release) };
    await select(acting, gathered.service, all);
    return putBack(acting, gathered);
  });
  await awaitPutBack(acting, put);
  await underEpoch(acting, async ({ service, routed }) => {
    if (routed !== undefined)
      await patchService({ ...acting, service }, marked(service, { [annotations.route]: null }));
  });
}

// Never more pods in the traffic than were asked for: what has none yet is brought to its number first, then all pods are
// let in, and then the one that had it all goes down to its part.
async function spread(acting: Acting, weights: Weights): Promise<void> {
  const before = await underEpoch(acting, async (gathered) => prepare(acting, gathered, weights));
  for (const release of before) await settle(acting, release);
  await underEpoch(acting, async (gathered) => {
    for (const release of Object.keys(weights)) demandReady(gathered, release);
    await select(acting, gathered.service, { weights, selector: selectAll(acting.names) });
  });
  const after = await underEpoch(acting, async (gathered) => reach(acting, gathered, countsOf(gathered, weights)));
  for (const release of after) await settle(acting, release);
}

async function prepare(acting: Acting, gathered: Gathered, weights: Weights): Promise<string[]> {
  const counts = countsOf(gathered, weights);
  const only = onlyServing(gathered.service);
  for (const deployment of gathered.deployments) {
    const release = releaseOf(deployment);
    const serves = only === null ? weights[release] !== undefined : only === release;
    // What serves goes up now, and down once others serve beside it.
    if (serves) counts.set(release, Math.max(counts.get(release) ?? 0, deployment.spec?.replicas ?? 1));
    else if (!counts.has(release)) counts.set(release, 0);
  }
  return reach(acting, gathered, counts);
}

function countsOf(gathered: Gathered, weights: Weights): Map<string, number> {
  const [left, right] = Object.entries(weights).map(([release, weight]): ReplicaSharing => {
    return { release, weight, size: Math.max(1, sizeOf(demandReady(gathered, release))) };
  });
  if (left === undefined || right === undefined) return new Map();
  const [lefts, rights] = shareReplicas(left, right);
  return new Map([
    [left.release, lefts],
    [right.release, rights],
  ]);
}

/** Scales what has another number of pods; returns which those are. */
async function reach(acting: Acting, { deployments }: Gathered, counts: Map<string, number>): Promise<string[]> {
  const other = deployments.filter((one) => {
    const count = counts.get(releaseOf(one));
    return count !== undefined && count !== (one.spec?.replicas ?? 1);
  });
  for (const deployment of other) await scale(acting, deployment, counts.get(releaseOf(deployment)) ?? 0);
  return other.map(releaseOf);
}

async function scale({ apis }: Acting, deployment: V1Deployment, replicas: number): Promise<void> {
  await patchDeployment(apis, deployment, { ...marked(deployment, {}), spec: { replicas } });
}

async function settle({ connect, names, signal, apis }: Acting, release: string): Promise<void> {
  const { items } = await apis.apps.listNamespacedDeployment({
    namespace: names.namespace,
    labelSelector: selectorOf(names),
  });
  const deadline = items.find((one) => releaseOf(one) === release)?.spec?.progressDeadlineSeconds ?? 60;
  await waitUntilReady({ connect, names, release, timeoutMs: deadline * 1000, signal });
}

interface Route {
  weights: Weights;
  selector: Record<string, string>;
}

async function select({ apis, names }: Acting, service: V1Service, { weights, selector }: Route): Promise<void> {
  const marks = marked(service, { [annotations.weights]: JSON.stringify(weights) });
  // A merge leaves out what is not named: the release has to be taken off by its name.
  const unselected = Object.keys(service.spec?.selector ?? {}).filter((key) => selector[key] === undefined);
  const off = Object.fromEntries(unselected.map((key) => [key, null]));
  await patchService({ apis, names, service }, { ...marks, spec: { selector: { ...off, ...selector } } });
}

function demandReady({ deployments }: Gathered, release: string): V1Deployment {
  const found = deployments.find((one) => releaseOf(one) === release);
  if (found !== undefined && readyOf(found) > 0) return found;
  throw new OrchestraError('RELEASE_NOT_READY', `${release} has no pod that is ready`);
}
