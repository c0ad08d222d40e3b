import { startContainer } from './docker.ts';
import { startByFirstWay } from './first-way.ts';
import { startLocalRegistry } from './local-registry.ts';
import type { Neighbour, NeighbourOptions } from './neighbour.ts';
import { registryPath, registrySettings } from './registry-settings.ts';

/**
 * Comes by a schema registry (Apicurio 3.3, Confluent-compatible) that demands full transitive compatibility. Its
 * schemas are in memory: `restart` forgets them.
 *
 * @param options `settings` are Java properties of Apicurio
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` naming the three ways
 */
export function startRegistry(options: NeighbourOptions = {}): Promise<Neighbour> {
  const docker = startRegistryContainer;
  const ways = { name: 'The schema registry', variable: 'SCHEMA_REGISTRY_URL', docker, local: startLocalRegistry };
  return startByFirstWay(ways, options);
}

function startRegistryContainer(settings: Record<string, string>): Promise<Neighbour> {
  const properties = Object.entries({ ...registrySettings, ...settings });
  const flags = properties.map(([name, value]) => `-D${name}=${value}`).join(' ');
  return startContainer({
    image: 'apicurio/apicurio-registry:3.3.3',
    port: 8080,
    urlOf,
    prepare: (container) => container.withEnvironment({ JAVA_OPTS_APPEND: flags }),
    isReady: (host, port) =>
      fetch(`${urlOf(host, port)}/subjects`).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
}

function urlOf(host: string, port: number): string {
  return `http://${host}:${port}${registryPath}`;
}
