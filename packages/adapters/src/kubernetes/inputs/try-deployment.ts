import type { Apis } from '../connect-cluster.ts';
import { describeRelease } from '../describe-release.ts';
import { demandCanaryName, demandRules } from '../route/read-route.ts';
import { gather } from '../target-access.ts';
import type { TargetNames } from '../target-names.ts';
import { describeService } from '../target-objects.ts';
import { asObject, refuseForeign, type Marking } from './apply-others.ts';
import { frontBody, frontPart, refuseLostPorts } from './bring-front.ts';
import { mapOf } from './cluster-object.ts';
import type { OwnObjects } from './own-objects.ts';
import { trying, type Problem, type Rehearsing } from './rehearse.ts';

/** Tries the Deployment of a release, the Service of its target, and the route that it names. */
export async function tryDeployment(apis: Apis, rehearsing: Rehearsing, marking: Marking): Promise<Problem[]> {
  const front = await tryFront(apis, rehearsing);
  const deployment = await tryTemplate(apis, rehearsing, marking);
  return [...front, ...deployment, ...(await tryRoute(apis, rehearsing))];
}

async function tryTemplate(apis: Apis, rehearsing: Rehearsing, marking: Marking): Promise<Problem[]> {
  const { startable, own, ...rest } = rehearsing;
  const { replicas } = startable;
  return trying(`The Deployment of ${rehearsing.names.service}`, async (force) => {
    const described = describeRelease({ ...rest, startable, epoch: 0, replicas }, own);
    refuseForeign(described, await apis.objects.read(described), marking);
    await apis.objects.apply(described, { dryRun: true, force });
  });
}

// By its own files, where it is one of them.
async function tryRoute(apis: Apis, { names, container, own }: Rehearsing): Promise<Problem[]> {
  const { route } = container;
  if (route === undefined) return [];
  return trying(`HTTPRoute ${route}`, async () => {
    const written = own.others.find(({ kind, metadata }) => kind === 'HTTPRoute' && metadata.name === route);
    await demandCanaryName(apis, names);
    await demandRules(apis, { names, route, written: written ?? null });
  });
}

// The Service is written by other ways than apply, for its selector is the traffic.
async function tryFront(apis: Apis, { names, startable, own }: Rehearsing): Promise<Problem[]> {
  const { namespace, service: name } = names;
  return trying(`Service ${name}`, async () => {
    const gathered = await gather(apis, names);
    if (gathered === null) return tryNewService(apis, names, { port: startable.port, own });
    refuseLostPorts(own.front, gathered);
    const body = frontBody(gathered.service, own.front, startable.port);
    if (body !== null) await apis.core.patchNamespacedService({ name, namespace, body, dryRun: 'All' }, apis.part);
  });
}

async function tryNewService(
  apis: Apis,
  names: TargetNames,
  { port, own }: { port: number; own: OwnObjects },
): Promise<void> {
  const ours = asObject(describeService(names, { epoch: 0, port }));
  const given = own.front === null ? {} : frontPart(own.front).spec;
  const spec = { ...mapOf(ours['spec']), ...given };
  await apis.objects.apply({ ...ours, spec }, { dryRun: true, force: true });
}
