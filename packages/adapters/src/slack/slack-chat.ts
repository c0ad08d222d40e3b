import { OrchestraError } from '@orchestra/runtime';
import type { WebClient } from '@slack/web-api';
import { guarded } from './explain-slack-error.ts';
import { eventType, findPosted } from './find-posted.ts';

export interface SlackOptions {
  token: string;
  /** `https://slack.com/api/`, or a stand-in. Ends in a slash. */
  apiUrl: string;
  /** Longest time of one request. */
  requestMs: number;
  retries: number;
}

export interface ChatMessage {
  channel: string;
  /** Slack's markup; foreign parts of it are escaped by `escapeSlack`. */
  text: string;
  /** Names the message for ever: it is kept with it, so that a repeat finds it. */
  key: string;
  /** The message it answers; null: it stands by itself. */
  thread: string | null;
}

/** A chat system in which messages can be edited in place. All calls may be repeated. */
export interface Chat {
  /**
   * Posts a message, or returns the one that was posted under this key shortly before.
   *
   * @returns what names the message in its channel
   * @throws OrchestraError `CHAT_UNAVAILABLE` (retriable), `CHAT_REFUSED` (not retriable)
   */
  post(message: ChatMessage): Promise<string>;
  /** Replaces the text of a message. @throws as `post` */
  update(message: { channel: string; ts: string; text: string }): Promise<void>;
}

const quiet = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {} };

/** Slack's web API, with limits: by itself the client tries for half an hour. */
export function createSlackChat(options: SlackOptions): Chat {
  let opened: Promise<WebClient> | null = null;
  const open = (): Promise<WebClient> => (opened ??= openClient(options));
  return {
    async post({ channel, text, key, thread }) {
      const client = await open();
      const known = await findPosted(client, { channel, key, thread });
      if (known !== null) return known;
      const asked = {
        channel,
        text,
        metadata: { event_type: eventType, event_payload: { key } },
        unfurl_links: false,
        unfurl_media: false,
        parse: 'none',
        ...(thread === null ? {} : { thread_ts: thread }),
      } as const;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's
      const { ts } = await guarded(() => client.chat.postMessage(asked));
      if (ts === undefined) throw new OrchestraError('CHAT_REFUSED', 'Slack did not say where the message is');
      return ts;
    },
    async update({ channel, ts, text }) {
      const client = await open();
      await guarded(() => client.chat.update({ channel, ts, text, parse: 'none' }));
    },
  };
}

async function openClient({ token, apiUrl, requestMs, retries }: SlackOptions): Promise<WebClient> {
  const { LogLevel, WebClient } = await import('@slack/web-api');
  return new WebClient(token, {
    slackApiUrl: apiUrl,
    timeout: requestMs,
    retryConfig: { retries, minTimeout: 100, maxTimeout: 2000 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: { ...quiet, getLevel: () => LogLevel.ERROR },
  });
}
