import type { ClusterPods } from '@orchestra/adapters/kubernetes';
import type { LocalTarget } from '@orchestra/adapters/local-target';
import { addAppMetrics, parseAppMetrics } from './parse-app-metrics.ts';
import type { Pages, ReleasePlace } from './ports.ts';

/** Asks releases for pages of their own: the processes on this machine by the supervisor, pods through the API server. */
export function createPages(local: Pick<LocalTarget, 'pages'>, pods: Pick<ClusterPods, 'pages'>): Pages {
  async function read({ target, namespace, release }: ReleasePlace, paths: readonly string[], signal: AbortSignal) {
    if (namespace !== null) return (await pods.pages({ target, namespace, release, paths }, signal)).flat();
    return (await Promise.all(paths.map(async (path) => local.pages({ target, release, path }, signal)))).flat();
  }

  return {
    async failedRatio({ paths, ...place }, signal) {
      const pages = await read(place, paths, signal);
      return pages.length === 0 ? null : pages.filter((page) => page === null).length / pages.length;
    },
    async appMetrics({ path, ...place }, signal) {
      const pages = await read(place, [path], signal);
      return addAppMetrics(pages.map((page) => (page === null ? null : parseAppMetrics(page))));
    },
  };
}
