import type { SoundSections } from './check-file.ts';
import type { KeyPath, Remark } from './remark.ts';
import { repeated } from './repeated.ts';
import { resolveProvider } from './resolve-deployment.ts';

type Deployment = NonNullable<SoundSections['deployment']>;
type Service = Deployment['services'][number];

/** What a route and an Argo Rollout need, and what they leave no room for. */
export function checkInFront({ deployment }: SoundSections): Remark[] {
  if (deployment === undefined) return [];
  const isLocal = resolveProvider(deployment) === 'local';
  const { services } = deployment;
  const twice = repeated(services.map(({ rollout }, index) => rollout ?? `without ${index}`));
  return [
    ...services.flatMap((service, index) => (isLocal ? checkLocal(service, index) : checkRollout(service, index))),
    ...twice.map((index) =>
      remark(pathOf(index, 'rollout'), 'Another service has the same Argo Rollout', 'Name one of its own.'),
    ),
  ];
}

function checkLocal(service: Service, index: number): Remark[] {
  const written = (['route', 'rollout'] as const).filter((key) => service[key] !== undefined);
  const message = 'Processes on this machine have no objects of a cluster';
  return written.map((key) => remark(pathOf(index, key), message, 'Write `provider: kubernetes`, or remove it.'));
}

function checkRollout({ rollout, route, command, env }: Service, index: number): Remark[] {
  if (rollout === undefined) return [];
  const itself = 'Write it in the Rollout, and remove it here.';
  const written = { command, env };
  const refused = (['command', 'env'] as const).filter((key) => written[key] !== undefined);
  return [
    ...(route === undefined
      ? []
      : [remark(pathOf(index, 'route'), 'An Argo Rollout shares its traffic by itself', itself)]),
    ...refused.map((key) =>
      remark(pathOf(index, key), 'An Argo Rollout says by itself what its container runs', itself),
    ),
  ];
}

function remark(path: KeyPath, message: string, suggestion: string): Remark {
  return { path, at: 'value', message, suggestion };
}

function pathOf(index: number, key: keyof Service): KeyPath {
  return ['deployment', 'services', index, key];
}
