import { asObject } from './inputs/apply-others.ts';
import type { ClusterObject } from './inputs/cluster-object.ts';
import { fillTemplate } from './inputs/fill-template.ts';
import type { OwnObjects } from './inputs/own-objects.ts';
import { describeDeployment, type Described } from './target-objects.ts';

/** The Deployment of one release, as it is written: from the user's own where there is one, else ours. */
export function describeRelease(described: Described, { template, front }: OwnObjects): ClusterObject {
  const ours = describeDeployment(described);
  if (template === null) return asObject(ours);
  return fillTemplate({ template, ours, container: described.container, hasFront: front !== null });
}
