import { apiTokens, digestToken } from '@orchestra/runtime';
import type { Ports } from './ports.ts';

/** Tokens of each role: `viewer-token`, `operator-token`, `admin-token`. */
export function portsForTests(change: Partial<Ports> = {}): Ports {
  const tokens = ['viewer', 'operator', 'admin'].map((role) => `${role}:${role}:${digestToken(`${role}-token`)}`);
  return { chat: null, defaultChannel: null, tokens: apiTokens.parse(tokens.join(',')), publicUrl: null, ...change };
}
