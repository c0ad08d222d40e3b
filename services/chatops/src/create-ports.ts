import { createSlackChat, type Chat } from '@orchestra/adapters/slack';
import type { ChatopsSettings } from './config.ts';
import type { Ports } from './ports.ts';

/** The real ports of chatops: Slack, and the operator's list of tokens. */
export function createPorts(settings: ChatopsSettings): Ports {
  return {
    chat: createChat(settings),
    defaultChannel: settings.SLACK_CHANNEL ?? null,
    tokens: settings.API_TOKENS,
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
  };
}

function createChat({
  SLACK_TOKEN: token,
  SLACK_API_URL: apiUrl,
  SLACK_REQUEST_MS: requestMs,
}: ChatopsSettings): Chat | null {
  if (token === undefined) return null;
  return createSlackChat({ token: token.reveal(), apiUrl: apiUrl.replace(/\/*$/, '/'), requestMs, retries: 2 });
}
