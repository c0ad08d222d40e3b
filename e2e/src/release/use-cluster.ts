import { afterAll, beforeAll } from '@jest/globals';
import { startKubernetes, type Neighbour, type NeighbourOptions } from '@orchestra/testkit/neighbours';

const startMs = 300_000;

/** A control plane for the tests of a file, there as soon as they run. */
export function useCluster(options: NeighbourOptions = {}): Pick<Neighbour, 'url' | 'kill' | 'restart'> {
  let cluster: Neighbour;
  beforeAll(async () => {
    cluster = await startKubernetes(options);
  }, startMs);
  afterAll(() => cluster.stop());
  return {
    get url() {
      return cluster.url;
    },
    kill: () => cluster.kill(),
    restart: () => cluster.restart(),
  };
}
