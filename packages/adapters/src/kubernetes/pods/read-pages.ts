import type { V1Pod } from '@kubernetes/client-node';
import { pathOfPage } from './ask-page.ts';
import { viewPods } from './view-pods.ts';

const mostPods = 10;

interface Asked {
  pods: readonly V1Pod[];
  paths: readonly string[];
  /** Reads a path of the API; null: no such answer. */
  ask(path: string): Promise<string | null>;
}

/** Pages of the pods that are ready, at most ten of them: a list for each pod, with a page or null for each path. */
export async function readPages({ pods, paths, ask }: Asked): Promise<(string | null)[][]> {
  const ready = pods.filter((pod) => viewPods([pod])[0]?.ready === true).slice(0, mostPods);
  return Promise.all(ready.map(async (pod) => Promise.all(paths.map(async (path) => readPage(pod, path, ask)))));
}

async function readPage(pod: V1Pod, path: string, ask: Asked['ask']): Promise<string | null> {
  const { name = '', namespace = '' } = pod.metadata ?? {};
  const port = portOf(pod);
  const found = port === null ? null : pathOfPage({ namespace, pod: name, port, path });
  return found === null ? null : ask(found);
}

/** Where a pod answers users: at its port `http`, else at the first that it names. */
function portOf({ spec }: V1Pod): number | null {
  const ports = (spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return (ports.find(({ name }) => name === 'http') ?? ports[0])?.containerPort ?? null;
}
