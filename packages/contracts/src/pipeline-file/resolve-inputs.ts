import type { HookPlan, HooksPlan, InputsPlan } from '../plan/inputs.ts';
import { toArguments, toMs } from './fields.ts';
import type { PipelineFile } from './schema.ts';

type WrittenDeployment = NonNullable<PipelineFile['deployment']>;

/** The files of a deployment; null: it has none. */
export function resolveInputs({
  manifests,
  kustomize,
  helm,
  overlays,
  services,
}: WrittenDeployment): InputsPlan | null {
  const laidOver = { overlays: overlays ?? {} };
  if (manifests !== undefined) {
    return { kind: 'manifests', paths: typeof manifests === 'string' ? [manifests] : manifests, ...laidOver };
  }
  if (kustomize !== undefined) return { kind: 'kustomize', path: kustomize, ...laidOver };
  if (helm === undefined) return null;
  const { chart, values, release = services[0]?.name ?? 'release' } = helm;
  return { kind: 'helm', chart, values, release, ...laidOver };
}

/** The hooks of a service; null: it has none. */
export function resolveHooks({ hooks }: WrittenDeployment['services'][number]): HooksPlan | null {
  const { pre, post } = hooks ?? {};
  if (pre === undefined && post === undefined) return null;
  return {
    ...(pre === undefined ? {} : { pre: resolveHook(pre) }),
    ...(post === undefined ? {} : { post: resolveHook(post) }),
  };
}

type WrittenHook = NonNullable<NonNullable<WrittenDeployment['services'][number]['hooks']>['pre']>;

function resolveHook({ command, timeout_seconds: seconds }: WrittenHook): HookPlan {
  return { command: toArguments(command), timeoutMs: toMs(seconds) };
}
