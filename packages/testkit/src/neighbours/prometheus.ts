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
  /** How often it is looked at, and rules are judged, in Prometheus' words. Default: 200ms. */
  every?: string;
  /** Rules of one group, and `host:port` of the Alertmanager that is told; absent: it only collects. */
  alerting?: { rules: readonly object[]; alertmanager: string };
}

/**
 * Comes by a Prometheus that looks at one target, under the job `app`.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` naming the three ways
 */
export function startPrometheus(scraped: Scraped, options: NeighbourOptions = {}): Promise<Neighbour> {
  const ways = {
    name: 'Prometheus',
    variable: 'PROMETHEUS_URL',
    docker: () => startPrometheusContainer(scraped),
    local: () => startLocalPrometheus(scraped),
  };
  return startByFirstWay(ways, options);
}

async function startLocalPrometheus(scraped: Scraped): Promise<Neighbour> {
  const command = findProgram('prometheus') ?? join(await unpackPackage('prometheus'), 'usr', 'bin', 'prometheus');
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-prometheus-'));
  await writeFile(join(folder, 'prometheus.yml'), configurationFor(scraped));
  await writeFile(join(folder, rulesFile), rulesFor(scraped));
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const url = `http://127.0.0.1:${port}`;
  const start = () => startProgram({ command, args, folder, isReady: () => answersReady(url) });
  return startLocalNeighbour({ url, folder, start });
}

function startPrometheusContainer(scraped: Scraped): Promise<Neighbour> {
  const configuration = configurationFor(scraped).replaceAll('127.0.0.1', 'host.docker.internal');
  const folder = '/etc/prometheus';
  return startContainer({
    image: 'prom/prometheus:v3.5.0',
    port: 9090,
    urlOf: (host, port) => `http://${host}:${port}`,
    prepare: (container) =>
      container
        .withExtraHosts([{ host: 'host.docker.internal', ipAddress: 'host-gateway' }])
        .withCopyContentToContainer([
          { content: configuration, target: `${folder}/prometheus.yml` },
          { content: rulesFor(scraped), target: `${folder}/${rulesFile}` },
        ]),
    isReady: (host, port) => answersReady(`http://${host}:${port}`),
  });
}

const rulesFile = 'rules.yml';

// A file of JSON is a file of YAML.
function configurationFor({ target, every = '200ms', alerting }: Scraped): string {
  const managers = alerting === undefined ? [] : [{ static_configs: [{ targets: [alerting.alertmanager] }] }];
  return JSON.stringify({
    global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
    rule_files: [rulesFile],
    alerting: { alertmanagers: managers },
    scrape_configs: [{ job_name: 'app', static_configs: [{ targets: [target] }] }],
  });
}

function rulesFor({ alerting }: Scraped): string {
  return JSON.stringify({ groups: alerting === undefined ? [] : [{ name: 'app', rules: alerting.rules }] });
}
