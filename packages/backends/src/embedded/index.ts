export { openEmbeddedRebuild } from './open-embedded-rebuild.ts';
export { openEmbedded, type EmbeddedOptions } from './open-embedded.ts';
export type { RebuildRoom } from '../rebuild-room.ts';
