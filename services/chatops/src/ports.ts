import type { Chat } from '@orchestra/adapters/slack';
import type { ApiToken } from '@orchestra/runtime';

/** What chatops needs from the world, and what its operator decided. */
export interface Ports {
  /** Where runs are told of; null: no token is configured. */
  chat: Chat | null;
  /** The channel for runs whose pipeline file names none because it could not be read; null: they are not told of. */
  defaultChannel: string | null;
  tokens: readonly ApiToken[];
  /** Base URL of the pages of runs, without a trailing slash; null: messages have no links. */
  publicUrl: string | null;
}
