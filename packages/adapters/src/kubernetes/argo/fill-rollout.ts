import { markObject } from '../inputs/apply-others.ts';
import { mapOf, type ClusterObject } from '../inputs/cluster-object.ts';
import { annotations, labels } from '../target-names.ts';
import type { ClusterContainer } from '../target-objects.ts';
import type { RolloutNames } from './read-rollout.ts';

/** The Rollout of one release that the user's own one is the template of. */
export interface FillingRollout {
  template: ClusterObject;
  names: RolloutNames;
  release: string;
  /** Its image is in the template already: images are pinned when files are rendered. */
  container: ClusterContainer;
  epoch: number;
  /** The release before it; undefined: there was none. */
  former: string | undefined;
}

/** The Rollout of one release, from the user's own: labels and annotations of the release are added, all else stays. */
export function fillRollout({ template, names, release, container, epoch, former }: FillingRollout): ClusterObject {
  const marked = markObject(template, { names, release, container, epoch });
  const { metadata } = marked;
  const spec = mapOf(template['spec']);
  const pods = mapOf(spec['template']);
  const podMetadata = mapOf(pods['metadata']);
  const chosen = { [labels.target]: names.id, [labels.release]: release };
  const before = former === undefined ? {} : { [annotations.former]: former };
  return {
    ...marked,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...chosen },
      annotations: { ...metadata.annotations, ...before },
    },
    spec: {
      ...spec,
      template: { ...pods, metadata: { ...podMetadata, labels: { ...mapOf(podMetadata['labels']), ...chosen } } },
    },
  };
}

/** The same before anything of it runs: without pods, so that what comes before these can come under its epoch. */
export function withoutPods(filled: ClusterObject): ClusterObject {
  return { ...filled, spec: { ...mapOf(filled['spec']), replicas: 0 } };
}
