import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Chat } from '@orchestra/adapters/slack';

/** A chat system, and what people read there. */
export interface ChatUnderTest {
  chat: Chat;
  messages(): readonly { channel: string; ts: string; thread: string | null; text: string }[];
  close(): Promise<void>;
}

const message = { channel: 'C1', text: 'Run 1 started', key: 'run-1', thread: null };

/** The contract of a chat system: messages that are known again by their key. */
export function testChat(name: string, open: () => Promise<ChatUnderTest>): void {
  describe(`the messages of ${name}`, () => {
    let world: ChatUnderTest;

    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    it('are posted, and edited in place', async () => {
      const ts = await world.chat.post(message);
      await world.chat.update({ channel: 'C1', ts, text: 'Run 1 passed' });

      expect(world.messages()).toMatchObject([{ channel: 'C1', ts, text: 'Run 1 passed', thread: null }]);
    });

    it('are found again by their key, so that a repeat posts nothing', async () => {
      const first = await world.chat.post(message);

      expect(await world.chat.post({ ...message, text: 'again' })).toBe(first);
      expect(world.messages().map(({ text }) => text)).toEqual(['Run 1 started']);
    });

    it('are another one under another key, and in another channel', async () => {
      await world.chat.post(message);
      await world.chat.post({ ...message, key: 'run-2' });
      await world.chat.post({ ...message, channel: 'C2' });

      expect(world.messages().map(({ channel }) => channel)).toEqual(['C1', 'C1', 'C2']);
    });

    it('answer in a thread, once a key', async () => {
      const thread = await world.chat.post(message);
      const reply = { ...message, key: 'run-1 build', thread };

      expect(await world.chat.post(reply)).toBe(await world.chat.post(reply));
      expect(world.messages().map((each) => each.thread)).toEqual([null, thread]);
    });

    it('cannot be edited where there is none', async () => {
      await expect(world.chat.update({ channel: 'C1', ts: '1.000001', text: 'x' })).rejects.toMatchObject({
        code: 'CHAT_REFUSED',
        retriable: false,
      });
    });
  });
}
