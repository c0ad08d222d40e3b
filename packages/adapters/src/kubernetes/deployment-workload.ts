import { demandContainer } from './bring-up.ts';
import { describeRelease } from './describe-release.ts';
import { bringFront, refuseLostPorts } from './inputs/bring-front.ts';
import { tryDeployment } from './inputs/try-deployment.ts';
import { underEpoch } from './target-access.ts';
import type { Workload } from './workload.ts';

/** A Deployment for each release, behind the Service of the target. */
export const deploymentWorkload: Workload = {
  kinds: ['Deployment', 'Service'],
  async underEpoch(preparing, work) {
    await underEpoch(preparing, async () => work());
  },
  // Unless what serves would lose its traffic by that.
  async bringPorts(preparing) {
    const { apis, names, own, startable } = preparing;
    await underEpoch(preparing, async (gathered) => {
      refuseLostPorts(own.front, gathered);
      await bringFront({ apis, names, gathered, front: own.front, port: startable.port });
    });
  },
  async describe({ names, startable, epoch, own }) {
    const { replicas } = startable;
    return describeRelease({ names, startable, container: demandContainer(startable), epoch, replicas }, own);
  },
  tryOwn: tryDeployment,
};
