import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ClusterOptions } from './connect-cluster.ts';
import type { ClusterContainer, ClusterStartable } from './target-objects.ts';

/** A release of which it is known that it has an image. */
export type WithImage = ClusterStartable & { container: ClusterContainer };

/** Options for a cluster of tests. */
export function aCluster(kubeconfig: string, namespaces: readonly string[]): ClusterOptions {
  const limits = { requestMs: 10_000, deadlineMs: 30_000 };
  return { kubeconfig, context: null, namespaces, kinds: ['Deployment', 'Service'], ...limits };
}

/** A release whose pods have the fate that the tag asks for. */
export function anImage(
  release: string,
  tag = 'good',
  more: Partial<Omit<ClusterStartable, 'container'>> = {},
): WithImage {
  return {
    release,
    command: [],
    env: { VERSION: release },
    port: 0,
    replicas: 1,
    healthPath: '/health',
    readyTimeoutMs: 20_000,
    container: {
      image: `registry.test/shop:${tag}@sha256:${'a'.repeat(64)}`,
      port: 8080,
      runId: 'run-1',
      commit: 'c'.repeat(40),
    },
    ...more,
  };
}

/** A release of the service `web` that comes with files. */
export function withFiles(startable: WithImage, text: (image: string) => string): WithImage {
  const { image, rollout } = startable.container;
  const stream = text(image);
  const digest = `sha256:${createHash('sha256').update(stream).digest('hex')}`;
  const rollouts = rollout === undefined ? {} : { rollouts: { web: rollout } };
  const container = { ...startable.container, objects: { digest, services: ['web'], ...rollouts } };
  return { ...startable, container, openStored: async () => Readable.from([Buffer.from(stream)]) };
}

/** A release of real pods of an image; they say the release's name to whoever asks. */
export function aPodOf(image: string, release: string, more: Partial<Omit<ClusterStartable, 'container'>> = {}) {
  const { container, ...startable } = anImage(release, 'good', { readyTimeoutMs: 60_000, ...more });
  return { ...startable, container: { ...container, image } };
}
