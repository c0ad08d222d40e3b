import { createHash } from 'node:crypto';
import type { EffectLedger } from './effect-ledger.ts';
import type { Reach } from './reach.ts';

/** An image that somebody wants to have; the shape of the build's port, as far as the fake looks at it. */
export interface ImageOrder {
  image: string;
  commit: string;
  runId: string;
  signal: AbortSignal;
}

export interface BuiltImage {
  kind: 'built';
  digest: string;
  reference: string;
  sizeBytes: number;
}

/** A registry of images, with the program that fills it. */
export interface FakeRegistry {
  /** Digests by `image:tag`. */
  readonly tags: ReadonlyMap<string, string>;
  /** The images of one process. */
  connect(reach: Reach): { isInstalled(): Promise<boolean>; build(order: ImageOrder): Promise<BuiltImage> };
}

/** Creates an empty registry. An image has the tag of its commit, so a repeat makes no second one. */
export function createFakeRegistry(ledger: EffectLedger): FakeRegistry {
  const tags = new Map<string, string>();

  function push({ image, commit, runId }: ImageOrder, by: string): BuiltImage {
    const digest = `sha256:${createHash('sha256').update(`${image} ${commit}`).digest('hex')}`;
    const tag = `${image}:${commit.slice(0, 12)}`;
    const changed = tags.get(tag) !== digest;
    tags.set(tag, digest);
    ledger.record({ kind: 'image_push', run: runId, unit: 'build', key: tag, changed, by });
    return { kind: 'built', digest, reference: `${image}@${digest}`, sizeBytes: 1000 };
  }

  return {
    tags,
    connect: (reach) => ({
      isInstalled: async () => true,
      build: (order) => reach.call('registry.build', () => push(order, reach.by), order.signal),
    }),
  };
}
