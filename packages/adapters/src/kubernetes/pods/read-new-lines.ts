import type { V1Pod } from '@kubernetes/client-node';
import type { Apis } from '../connect-cluster.ts';

const mostPods = 10;
const mostBytes = 256 * 1024;
// The clocks of nodes may be so far from ours.
const slackSeconds = 30;

interface Asked {
  pods: readonly V1Pod[];
  from: Date;
  to: Date;
}

/** The lines that pods printed from one moment up to another. A pod whose log cannot be read has none. */
export async function readNewLines({ core }: Apis, { pods, from, to }: Asked): Promise<readonly string[]> {
  const sinceSeconds = Math.ceil((to.getTime() - from.getTime()) / 1000) + slackSeconds;
  const logs = pods.slice(0, mostPods).map(async ({ metadata, spec }) => {
    const container = spec?.containers[0]?.name;
    const named = { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' };
    const which = container === undefined ? named : { ...named, container };
    const asked = { ...which, timestamps: true, sinceSeconds, limitBytes: mostBytes };
    return core.readNamespacedPodLog(asked).catch(() => '');
  });
  return (await Promise.all(logs)).flatMap((log) => linesBetween(log, from, to));
}

/** The lines of a log with timestamps that are of a time. The end does not belong to it, so that no line is read twice. */
export function linesBetween(log: string, from: Date, to: Date): string[] {
  return log.split('\n').flatMap((line) => {
    const [, stamp = '', text = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    const at = Date.parse(stamp);
    return at >= from.getTime() && at < to.getTime() ? [text] : [];
  });
}
