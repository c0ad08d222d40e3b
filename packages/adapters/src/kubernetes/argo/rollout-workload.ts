import { demandContainer } from '../bring-up.ts';
import type { ClusterObject } from '../inputs/cluster-object.ts';
import { trying } from '../inputs/rehearse.ts';
import type { Preparing, Workload } from '../workload.ts';
import { fillRollout, withoutPods } from './fill-rollout.ts';
import { absent, imageIn, underRolloutEpoch, type RolloutMove } from './move-rollout.ts';
import { findRollout, rolloutController, rolloutNamed, type FoundRollout, type RolloutNames } from './read-rollout.ts';

/** An Argo Rollout: it carries the epoch itself, and its Services are its own. */
export function rolloutWorkload(rollout: string): Workload {
  return {
    kinds: ['Rollout'],
    async underEpoch(preparing, work) {
      await underRolloutEpoch(moveOf(preparing, rollout), async () => work());
    },
    bringPorts: async () => {},
    async describe(preparing) {
      const { apis, own, startable } = preparing;
      if (own.template !== null) return own.template;
      const names = { ...preparing.names, rollout };
      const found = await findRollout(apis, names);
      if (found === null) throw absent(names);
      return describeFound(found, names, demandContainer(startable).image);
    },
    async tryOwn(apis, { names: place, startable: { release }, container, own: { template } }) {
      const names = { ...place, rollout };
      const attempt = async (force: boolean): Promise<void> => {
        const found = await findRollout(apis, names);
        if (template === null) return demandImage(found, names, container.image);
        const filled = fillRollout({ template, names, release, container, epoch: 0, former: undefined });
        await apis.objects.apply(filled, { dryRun: true, force });
      };
      return trying(`Rollout ${rollout}`, attempt, rolloutController);
    },
  };
}

/** The move of a release, which makes the Rollout of its files where there is none: without pods, for these come later. */
export function moveOf({ apis, names: place, epoch, startable, own, signal }: Preparing, rollout: string): RolloutMove {
  const names = { ...place, rollout };
  const { template } = own;
  if (template === null) return { apis, names, epoch, signal };
  const { release } = startable;
  const container = demandContainer(startable);
  const filled = fillRollout({ template, names, release, container, epoch, former: undefined });
  return { apis, names, epoch, signal, made: withoutPods(filled) };
}

function demandImage(found: FoundRollout | null, names: RolloutNames, image: string): void {
  if (found === null) throw absent(names);
  imageIn(found, image);
}

// As it is there, with the image of the release.
function describeFound(found: FoundRollout, names: RolloutNames, image: string): ClusterObject {
  const named = imageIn(found, image);
  const { containers, ...pod } = found.spec.template.spec;
  const changed = containers.map((one) => (one === named ? { ...one, image } : one));
  return { ...rolloutNamed(names), spec: { template: { spec: { ...pod, containers: changed } } } };
}
