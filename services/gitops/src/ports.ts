import type { Readable } from 'node:stream';
import type { Deliveries, Forge, WebhookReader } from '@orchestra/adapters/forge';
import type { Git } from '@orchestra/adapters/git';
import type { ApiToken } from '@orchestra/runtime';
import type { AcceptLimits } from './accept-room.ts';
import type { RepositoryList } from './repositories.ts';

/** What gitops needs from the world, and what its operator decided. */
export interface Ports {
  /** Reads single commits, and where branches stand. */
  git: Git;
  /** Shows statuses beside commits; null: no token is configured, so none are shown. */
  forge: Forge | null;
  /** What the forge could not deliver; null: no GitHub App is configured, so it cannot be asked. */
  deliveries: Deliveries | null;
  /** How often branches are looked at for pushes that nobody told of. */
  lookEveryMs: number;
  webhooks: WebhookReader;
  /** Packs a folder into an archive. The same files give the same bytes, whatever their times are. */
  pack(folder: string, signal: AbortSignal): Readable;
  repositories: RepositoryList;
  tokens: readonly ApiToken[];
  allowForks: boolean;
  maxSupersedes: number;
  /** How much is accepted at once, by all routes together. */
  accepts: AcceptLimits;
  /** Base URL of the pages of runs, without a trailing slash; null: there are none. */
  publicUrl: string | null;
}
