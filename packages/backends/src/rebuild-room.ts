import type { ArtifactStore, EventBus, EventCodec, StoreRebuild } from '@orchestra/runtime';

/** What a rebuild of a store works with, in either form. */
export interface RebuildRoom {
  bus: EventBus;
  codec: EventCodec;
  artifacts: ArtifactStore;
  /** @throws OrchestraError `STORE_OWNED`, not retriable, when the store has an identity */
  begin(identity: string): Promise<StoreRebuild>;
  close(): Promise<void>;
}
