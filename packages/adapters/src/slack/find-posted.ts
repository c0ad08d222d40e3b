import type { WebClient } from '@slack/web-api';

/** Marks our messages in Slack's metadata. */
export const eventType = 'orchestra_message';

interface Wanted {
  channel: string;
  key: string;
  thread: string | null;
}

// A repeat after a crash comes within minutes, so the newest messages are enough.
const searched = 50;

/**
 * Looks whether a message was posted under its key before. Null when there is none, and also when the token may not read
 * the channel: a doubled message is better than none.
 */
export async function findPosted(client: WebClient, { channel, key, thread }: Wanted): Promise<string | null> {
  const asked = { channel, limit: searched, include_all_metadata: true };
  const read =
    thread === null ? client.conversations.history(asked) : client.conversations.replies({ ...asked, ts: thread });
  const found = await read.catch(() => null);
  const messages: readonly Posted[] = found?.messages ?? [];
  return messages.find(({ metadata }) => isOurs(metadata, key))?.ts ?? null;
}

interface Posted {
  ts?: string;
  metadata?: { event_type?: string; event_payload?: object };
}

function isOurs(metadata: Posted['metadata'], key: string): boolean {
  const payload = metadata?.event_payload;
  return metadata?.event_type === eventType && payload !== undefined && 'key' in payload && payload.key === key;
}
