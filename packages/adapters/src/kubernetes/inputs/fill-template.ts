import type { V1Deployment } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import type { ClusterContainer } from '../target-objects.ts';
import { asObject } from './apply-others.ts';
import { listOf, mapOf, nameOf, type ClusterObject } from './cluster-object.ts';
import { podOf } from './own-objects.ts';

/** The Deployment of a release that the user's own one is the template of. */
export interface Filling {
  template: ClusterObject;
  /** What a release would have without a template: its names, labels and selector, its number of pods, its probes. */
  ours: V1Deployment;
  container: ClusterContainer;
  /** Whether the Service comes from the files too, and names ports by itself. */
  hasFront: boolean;
}

/**
 * The Deployment of one release, from the user's own: names, labels, selector, number of pods and the way they are replaced
 * are those of the release; all else stays. Probes and a short wait before the end are added where there are none.
 *
 * @throws OrchestraError `INPUTS_REFUSED`, not retriable, when no port can be told from the others
 */
export function fillTemplate({ template, ours, container, hasFront }: Filling): ClusterObject {
  const made = asObject(ours);
  const written = mapOf(template['spec']);
  const pods = mapOf(written['template']);
  const spec = mapOf(made['spec']);
  const wanted = mapOf(spec['template']);
  const { paused: _paused, ...kept } = written;
  return {
    ...made,
    metadata: joinMetadata(template.metadata, made.metadata),
    spec: {
      ...kept,
      ...spec,
      template: {
        metadata: joinMetadata(mapOf(pods['metadata']), mapOf(wanted['metadata'])),
        spec: { ...podOf(template), containers: fillContainers({ template, made, container, hasFront }) },
      },
    },
  };
}

function joinMetadata<T extends Readonly<Record<string, unknown>>>(
  written: Readonly<Record<string, unknown>>,
  ours: T,
) {
  return {
    ...ours,
    labels: { ...mapOf(written['labels']), ...mapOf(ours['labels']) },
    annotations: { ...mapOf(written['annotations']), ...mapOf(ours['annotations']) },
  };
}

interface Containers extends Pick<Filling, 'template' | 'container' | 'hasFront'> {
  made: ClusterObject;
}

function fillContainers({ template, made, container, hasFront }: Containers): unknown[] {
  const containers = listOf(podOf(template)['containers']).map(mapOf);
  const main = containers.findIndex(({ image }) => image === container.image);
  const [ours] = listOf(podOf(made)['containers']).map(mapOf);
  return containers.map((one, index) =>
    index === main ? fillContainer(one, ours ?? {}, { name: nameOf(template), port: container.port, hasFront }) : one,
  );
}

type Fields = Readonly<Record<string, unknown>>;

interface Ports {
  name: string;
  port: number;
  hasFront: boolean;
}

function fillContainer(written: Fields, ours: Fields, wanted: Ports): Fields {
  const ports = fillPorts(listOf(written['ports']).map(mapOf), wanted);
  const declared = listOf(written['ports']).length > 0;
  const probe = withPort(ours, ports);
  return {
    ...(written['readinessProbe'] === undefined ? { readinessProbe: probe('readinessProbe') } : {}),
    ...(written['readinessProbe'] === undefined && written['startupProbe'] === undefined
      ? { startupProbe: probe('startupProbe') }
      : {}),
    lifecycle: ours['lifecycle'],
    ...written,
    ...(ours['command'] === undefined ? {} : { command: ours['command'], args: undefined }),
    ports,
    env: joinEnv(listOf(written['env']).map(mapOf), listOf(ours['env']).map(mapOf), declared),
  };
}

// The Service of a target looks for the port `http`, so that each release may listen where it likes.
function fillPorts(ports: readonly Fields[], { name, port, hasFront }: Ports): readonly Fields[] {
  if (ports.length === 0) return [{ name: 'http', containerPort: port, protocol: 'TCP' }];
  if (hasFront || ports.some((one) => one['name'] === 'http')) return ports;
  const meant = ports.find((one) => one['containerPort'] === port) ?? (ports.length === 1 ? ports[0] : undefined);
  if (meant !== undefined && meant['name'] === undefined) {
    return ports.map((one) => (one === meant ? { ...one, name: 'http' } : one));
  }
  const message = `${name} has no port that is called http: name the one that users reach so, or bring a Service`;
  throw new OrchestraError('INPUTS_REFUSED', message);
}

function withPort(ours: Fields, ports: readonly Fields[]): (key: string) => Fields {
  const named = ports.find((one) => one['name'] === 'http') ?? ports[0];
  const port = named?.['name'] ?? named?.['containerPort'];
  return (key) => {
    const probe = mapOf(ours[key]);
    return { ...probe, httpGet: { ...mapOf(probe['httpGet']), port } };
  };
}

// What the pipeline file says goes before the template. A template that names its ports knows where it listens.
function joinEnv(written: readonly Fields[], ours: readonly Fields[], declared: boolean): readonly Fields[] {
  const hasPort = written.some((one) => one['name'] === 'PORT');
  const added = ours.filter((one) => one['name'] !== 'PORT' || (!declared && !hasPort));
  const names = new Set(added.map((one) => one['name']));
  return [...written.filter((one) => !names.has(one['name'])), ...added];
}
