import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersReady } from './answers-ready.ts';
import { ensureBubblewrap } from './bubblewrap.ts';
import { unpackPackage } from './debian-packages.ts';
import { startContainer } from './docker.ts';
import { startByFirstWay } from './first-way.ts';
import { findFreePort } from './free-port.ts';
import { startLocalNeighbour } from './local-neighbour.ts';
import type { Neighbour } from './neighbour.ts';
import { startProgram } from './program.ts';
import { findProgram } from './run-program.ts';

/** Whom Alertmanager tells of alerts. */
interface Told {
  url: string;
  /** Sent as a bearer token. */
  token: string;
  /** When it calls, by the keys of its `route`. Default: at once. */
  timing?: { group_wait: string; group_interval: string; repeat_interval: string };
}

const packageName = 'prometheus-alertmanager';

/**
 * Comes by an Alertmanager that calls one webhook. It is always one of the caller's own, for whom it calls is its setting.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` naming the three ways
 */
export function startAlertmanager(told: Told): Promise<Neighbour> {
  const ways = {
    name: 'Alertmanager',
    variable: 'ALERTMANAGER_URL',
    docker: () => startAlertmanagerContainer(told),
    local: () => startLocalAlertmanager(told),
  };
  return startByFirstWay(ways, { fresh: true });
}

async function startLocalAlertmanager(told: Told): Promise<Neighbour> {
  const installed = findProgram('alertmanager') ?? findProgram(packageName);
  const [command = '', ...before] = installed === null ? await commandOfUnpacked() : [installed];
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-alertmanager-'));
  await writeFile(join(folder, 'alertmanager.yml'), configurationFor(told));
  const args = [
    ...before,
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    // Alone: nobody to gossip with.
    '--cluster.listen-address=',
  ];
  const url = `http://127.0.0.1:${port}`;
  const start = () => startProgram({ command, args, folder, isReady: () => answersReady(url) });
  return startLocalNeighbour({ url, folder, start });
}

// Debian's build reads its templates from /usr/share and from nowhere else: there it is shown those of its own package.
async function commandOfUnpacked(): Promise<string[]> {
  const [root, bubblewrap] = await Promise.all([unpackPackage(packageName), ensureBubblewrap()]);
  const own = ['--dev-bind', '/', '/', '--bind', join(root, 'usr', 'share'), '/usr/share', '--die-with-parent', '--'];
  return [join(bubblewrap, 'bwrap'), ...own, join(root, 'usr', 'bin', packageName)];
}

function startAlertmanagerContainer(told: Told): Promise<Neighbour> {
  const content = configurationFor({ ...told, url: told.url.replace('127.0.0.1', 'host.docker.internal') });
  return startContainer({
    image: 'prom/alertmanager:v0.28.1',
    port: 9093,
    urlOf: (host, port) => `http://${host}:${port}`,
    prepare: (container) =>
      container
        .withExtraHosts([{ host: 'host.docker.internal', ipAddress: 'host-gateway' }])
        .withCopyContentToContainer([{ content, target: '/etc/alertmanager/alertmanager.yml' }]),
    isReady: (host, port) => answersReady(`http://${host}:${port}`),
  });
}

const atOnce = { group_wait: '0s', group_interval: '1s', repeat_interval: '1h' };

// A file of JSON is a file of YAML.
function configurationFor({ url, token, timing = atOnce }: Told): string {
  const authorization = { type: 'Bearer', credentials: token };
  const webhook = { url, send_resolved: true, http_config: { authorization } };
  return JSON.stringify({
    route: { receiver: 'told', ...timing },
    receivers: [{ name: 'told', webhook_configs: [webhook] }],
  });
}
