import type { Readable } from 'node:stream';
import type { Forge, WebhookReader } from '@orchestra/adapters/forge';
import type { Git } from '@orchestra/adapters/git';
import type { ApiToken } from '@orchestra/runtime';
import type { RepositoryList } from './repositories.ts';

/** What gitops needs from the world, and what its operator decided. */
export interface Ports {
  /** Reads single commits. */
  git: Git;
  /** Shows statuses beside commits; null: no token is configured, so none are shown. */
  forge: Forge | null;
  webhooks: WebhookReader;
  /** Packs a folder into an archive. The same files give the same bytes, whatever their times are. */
  pack(folder: string, signal: AbortSignal): Readable;
  repositories: RepositoryList;
  tokens: readonly ApiToken[];
  allowForks: boolean;
  maxSupersedes: number;
  /** Base URL of the pages of runs, without a trailing slash; null: there are none. */
  publicUrl: string | null;
}
