export { escapeSlack } from './escape-slack.ts';
export { createSlackChat, type Chat, type ChatMessage, type SlackOptions } from './slack-chat.ts';
