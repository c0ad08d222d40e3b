import { mapOf, type ClusterObject } from './cluster-object.ts';

/** Objects whose containers run what the build made, by its digest. */
export interface Pinned {
  objects: readonly ClusterObject[];
  /** Images of others that no digest names: the same name may mean other bytes tomorrow. */
  unpinned: readonly string[];
}

/**
 * Gives each container the digest of its image, where the build made it: whatever tag the files name.
 *
 * @param references images with their digests, as the build pushed them
 */
export function pinImages(objects: readonly ClusterObject[], references: readonly string[]): Pinned {
  const built = new Map(references.map((reference) => [repositoryOf(reference), reference]));
  const unpinned = new Set<string>();
  const pin = (image: string): string => {
    const reference = built.get(repositoryOf(image));
    if (reference === undefined && !image.includes('@sha256:')) unpinned.add(image);
    return reference ?? image;
  };
  return { objects: objects.map((object) => ({ ...object, ...pinIn(object, pin) })), unpinned: [...unpinned] };
}

/** The name of an image without its tag and digest. */
export function repositoryOf(image: string): string {
  const [name = ''] = image.split('@');
  const tag = name.lastIndexOf(':');
  return tag > name.lastIndexOf('/') ? name.slice(0, tag) : name;
}

const containerLists = new Set(['containers', 'initContainers', 'ephemeralContainers']);

function pinIn(value: unknown, pin: (image: string) => string): Record<string, unknown> {
  const entries = Object.entries(mapOf(value)).map(([key, inner]): [string, unknown] => {
    if (containerLists.has(key) && Array.isArray(inner)) return [key, inner.map((one) => pinContainer(one, pin))];
    return [key, isMap(inner) ? pinIn(inner, pin) : inner];
  });
  return Object.fromEntries(entries);
}

function pinContainer(container: unknown, pin: (image: string) => string): unknown {
  const { image } = mapOf(container);
  return typeof image === 'string' ? { ...mapOf(container), image: pin(image) } : container;
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
