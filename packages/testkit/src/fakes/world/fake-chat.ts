import type { Chat, ChatMessage } from '@orchestra/adapters/slack';
import { OrchestraError, type Clock } from '@orchestra/runtime';
import type { PostedMessage } from '../../invariants/world-facts.ts';
import type { EffectLedger } from './effect-ledger.ts';
import type { Reach } from './reach.ts';

/** A chat system that knows a message again by its key. */
export interface FakeChat {
  /** What stands in the channels. */
  messages(): PostedMessage[];
  /** The chat of one process. */
  connect(reach: Reach): Chat;
}

/** Creates a chat system without messages. */
export function createFakeChat(clock: Pick<Clock, 'now'>, ledger: EffectLedger): FakeChat {
  const posted = new Map<string, PostedMessage>();

  function post({ channel, text, key, thread }: ChatMessage, by: string): string {
    const known = [...posted.values()].find((one) => one.channel === channel && one.key === key);
    const ts = known?.ts ?? `${1_000_000 + posted.size}.0001`;
    const run = key.split(' ')[0] ?? null;
    if (known === undefined) {
      posted.set(`${channel} ${ts}`, { channel, ts, thread, key, text, run, at: clock.now().toISOString() });
    }
    ledger.record({ kind: 'message', run, key: `${channel} ${key}`, changed: known === undefined, by });
    return ts;
  }

  function update({ channel, ts, text }: { channel: string; ts: string; text: string }): void {
    const place = `${channel} ${ts}`;
    const message = posted.get(place);
    if (message === undefined) throw new OrchestraError('CHAT_REFUSED', 'There is no such message');
    posted.set(place, { ...message, text });
  }

  return {
    messages: () => [...posted.values()],
    connect: (reach) => ({
      post: (message) => reach.call('chat.post', () => post(message, reach.by)),
      update: (message) => reach.call('chat.update', () => update(message)),
    }),
  };
}
