import { targetKey } from '@orchestra/contracts';
import type { Values } from './judge/values.ts';
import type { Watch } from './judge/watch.ts';
import type { Watching } from './look.ts';
import { messageOf } from './message-of.ts';
import type { Pods, SeenPod } from './ports.ts';

/** What pods say of a release and of what serves beside it. */
export interface SeenPods {
  release: Values;
  beside: Values | null;
  /** What is wrong with pods of the release, in words. */
  problems: readonly string[];
  /** {@link Watch.pods} from now on. Absent: nothing was seen. */
  pods?: NonNullable<Watch['pods']>;
}

const toldAtMost = 3;

/** Looks at the pods of a release; null: it has none, for it runs as processes. */
export async function askPods(watching: Watching, before: Watch['pods']): Promise<SeenPods | null> {
  const { plan, ports, context, subject, beside } = watching;
  const namespace = plan.deployment?.namespaces?.[subject.environment];
  if (plan.observability.judgement?.maxPodRestarts === undefined || namespace === undefined) return null;
  const place = { target: targetKey({ repository: context.run.repository, ...subject }), namespace };
  try {
    if (ports.pods === undefined) throw new Error('the platform has no cluster');
    const { wanted, pods } = await ports.pods.look(place, context.signal);
    const known = before ?? knownOf(pods);
    const count = (release: string | null) =>
      release === null ? null : valuesOf(pods, { release, known, wanted: wanted[release] });
    const told = pods.filter((pod) => pod.release === subject.release && isTold(pod, known)).slice(0, toldAtMost);
    const problems = await Promise.all(told.map(async (pod) => tell(ports.pods, { pod, namespace }, context.signal)));
    return { release: count(subject.release) ?? silent, beside: count(beside), problems, pods: known };
  } catch (error) {
    context.signal.throwIfAborted();
    return { release: silent, beside: null, problems: [`The pods cannot be seen: ${messageOf(error)}`] };
  }
}

const silent: Values = { unready_pods: null, failing_pods: null, pod_restarts: null };

function knownOf(pods: readonly SeenPod[]): NonNullable<Watch['pods']> {
  return Object.fromEntries(pods.map(({ name, restarts, over }) => [name, over ? -1 : restarts]));
}

interface Counting {
  release: string;
  known: NonNullable<Watch['pods']>;
  wanted: number | undefined;
}

function valuesOf(all: readonly SeenPod[], { release, known, wanted }: Counting): Values {
  const pods = all.filter((pod) => pod.release === release);
  if (pods.length === 0 && wanted === undefined) return silent;
  const ready = pods.filter((pod) => pod.ready && !pod.over).length;
  return {
    unready_pods: Math.max(0, (wanted ?? pods.filter(({ over }) => !over).length) - ready),
    failing_pods: pods.filter((pod) => isFailing(pod, known)).length,
    pod_restarts: pods.reduce((sum, pod) => sum + restartsOf(pod, known), 0),
  };
}

// What had ended before the watch began is not this release's doing.
function isFailing({ name, trouble }: SeenPod, known: Counting['known']): boolean {
  return trouble !== null && known[name] !== -1;
}

function restartsOf({ name, restarts }: SeenPod, known: Counting['known']): number {
  const before = known[name] ?? 0;
  return before === -1 ? 0 : Math.max(0, restarts - before);
}

function isTold(pod: SeenPod, known: Counting['known']): boolean {
  return pod.told !== '' && (isFailing(pod, known) || (!pod.ready && !pod.over) || restartsOf(pod, known) > 0);
}

async function tell(
  pods: Pods | undefined,
  { pod, namespace }: { pod: SeenPod; namespace: string },
  signal: AbortSignal,
): Promise<string> {
  const lines = ((await pods?.lastLines({ namespace, pod }, signal)) ?? '').trim();
  const printed = lines === '' ? '' : `; it printed: ${lines.replaceAll(/\s*\n\s*/g, ' | ')}`;
  return `${pod.name}: ${pod.told}${printed}`;
}
