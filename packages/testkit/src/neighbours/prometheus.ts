import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersReady } from './answers-ready.ts';
import { unpackPackage } from './debian-packages.ts';
import { startContainer } from './docker.ts';
import { startByFirstWay } from './first-way.ts';
import { findFreePort } from './free-port.ts';
import { startLocalNeighbour } from './local-neighbour.ts';
import type { Neighbour, NeighbourOptions } from './neighbour.ts';
import { startProgram } from './program.ts';
import { findProgram } from './run-program.ts';

/** What Prometheus looks at. */
interface Scraped {
  /** `host:port` of what has a page `/metrics`. */
  target: string;
}

/**
 * Comes by a Prometheus that looks at one target every 200 ms, under the job `app`.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` naming the three ways
 */
export function startPrometheus({ target }: Scraped, options: NeighbourOptions = {}): Promise<Neighbour> {
  const ways = {
    name: 'Prometheus',
    variable: 'PROMETHEUS_URL',
    docker: () => startPrometheusContainer(target),
    local: () => startLocalPrometheus(target),
  };
  return startByFirstWay(ways, options);
}

async function startLocalPrometheus(target: string): Promise<Neighbour> {
  const command = findProgram('prometheus') ?? join(await unpackPackage('prometheus'), 'usr', 'bin', 'prometheus');
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-prometheus-'));
  await writeFile(join(folder, 'prometheus.yml'), configurationFor(target));
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const url = `http://127.0.0.1:${port}`;
  const start = () => startProgram({ command, args, folder, isReady: () => answersReady(url) });
  return startLocalNeighbour({ url, folder, start });
}

function startPrometheusContainer(target: string): Promise<Neighbour> {
  const configuration = configurationFor(target.replace('127.0.0.1', 'host.docker.internal'));
  return startContainer({
    image: 'prom/prometheus:v3.5.0',
    port: 9090,
    urlOf: (host, port) => `http://${host}:${port}`,
    prepare: (container) =>
      container
        .withExtraHosts([{ host: 'host.docker.internal', ipAddress: 'host-gateway' }])
        .withCopyContentToContainer([{ content: configuration, target: '/etc/prometheus/prometheus.yml' }]),
    isReady: (host, port) => answersReady(`http://${host}:${port}`),
  });
}

// A file of JSON is a file of YAML.
function configurationFor(target: string): string {
  return JSON.stringify({
    global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
    scrape_configs: [{ job_name: 'app', static_configs: [{ targets: [target] }] }],
  });
}
