import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersReady } from '../../answers-ready.ts';
import { findFreePort } from '../../free-port.ts';
import { startLocalNeighbour } from '../../local-neighbour.ts';
import type { Neighbour } from '../../neighbour.ts';
import { startProgram } from '../../program.ts';
import { kindsOfArgo, writeDefinitions } from '../custom-kinds.ts';
import { buildController } from './build-controller.ts';

const controller = { name: 'argo-rollouts', program: 'github.com/argoproj/argo-rollouts/cmd/rollouts-controller' };

/** Does what `startArgoRollouts` promises. */
export async function runArgoRollouts(kubeconfig: string): Promise<Neighbour> {
  const command = await buildController(controller);
  await writeDefinitions(kubeconfig, kindsOfArgo);
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-argo-'));
  const [healthPort, metricsPort] = await Promise.all([findFreePort(), findFreePort()]);
  const args = [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    `--healthzPort=${healthPort}`,
    `--metricsport=${metricsPort}`,
  ];
  const url = `http://127.0.0.1:${healthPort}`;
  const start = () => startProgram({ command, args, folder, isReady: () => answersReady(url, '/healthz') });
  return startLocalNeighbour({ url, folder, start });
}
