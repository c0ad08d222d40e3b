import { createHash } from 'node:crypto';
import type { ClusterObject } from '../inputs/cluster-object.ts';
import { listOf, mapOf } from '../inputs/cluster-object.ts';
import { podOf } from '../inputs/own-objects.ts';
import { annotations, fieldManager, labels, labelValue, type TargetNames } from '../target-names.ts';
import type { ClusterContainer } from '../target-objects.ts';

/** A command that runs once for a generation of a run, before the traffic moves or after it has. */
export interface Hook {
  when: 'pre' | 'post';
  command: readonly string[];
  timeoutMs: number;
  /** The run that asks for it: its name follows from these. */
  runId: string;
  generation: number;
}

/** By this label the pods of a hook are found. */
export const hookLabel = 'devops-orchestra.io/hook';

// So long its end can be looked up: a repeated attempt finds it, and does not run it again.
const keptSeconds = 7 * 86_400;
const longestService = 30;

/** The name of a hook's Job: the same for the same run, generation and target, so that it runs once. */
export function hookName({ service, id }: TargetNames, { when, runId, generation }: Hook): string {
  const digest = createHash('sha256').update(`${runId}/${generation}`).digest('hex').slice(0, 10);
  return `${service.slice(0, longestService)}-${id}-${when}-${digest}`;
}

interface Describing {
  names: TargetNames;
  hook: Hook;
  /** The Deployment or the Argo Rollout of the release. */
  workload: ClusterObject;
  release: string;
  container: ClusterContainer;
}

/**
 * The Job of a hook: the container of the release that runs what the build made, with its variables, volumes and account
 * and another command. Its pods have none of the labels by which anything finds those of the release.
 */
export function describeHook({ names, hook, workload, release, container }: Describing): ClusterObject {
  const marked = {
    [labels.managedBy]: fieldManager,
    [labels.release]: release,
    [labels.run]: labelValue(container.runId),
    [labels.commit]: labelValue(container.commit),
    [hookLabel]: hookName(names, hook),
  };
  const { initContainers: _first, containers, restartPolicy: _policy, ...pod } = podOf(workload);
  const main = listOf(containers)
    .map(mapOf)
    .find(({ image }) => image === container.image);
  const { ports: _ports, readinessProbe: _ready, livenessProbe: _live, startupProbe: _start, ...rest } = main ?? {};
  const { lifecycle: _lifecycle, args: _args, ...kept } = rest;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: hookName(names, hook),
      namespace: names.namespace,
      labels: marked,
      annotations: { [annotations.target]: names.target },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: Math.max(1, Math.ceil(hook.timeoutMs / 1000)),
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels: marked },
        spec: { ...pod, restartPolicy: 'Never', containers: [{ ...kept, name: 'hook', command: [...hook.command] }] },
      },
    },
  };
}
