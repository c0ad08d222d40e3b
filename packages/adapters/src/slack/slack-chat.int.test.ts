import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeSlack, type FakeSlack } from '@orchestra/testkit';
import { createSlackChat, escapeSlack, type Chat } from './index.ts';

let slack: FakeSlack;
let chat: Chat;

beforeEach(async () => {
  slack = await startFakeSlack();
  chat = open(30_000);
});

afterEach(() => slack.close());

function open(requestMs: number): Chat {
  return createSlackChat({ token: 'xoxb-test', apiUrl: slack.apiUrl, requestMs, retries: 1 });
}

const message = { channel: 'C1', text: 'Run 1 started', key: 'run-1', thread: null };

describe('the Slack chat', () => {
  it('posts a message and edits it in place', async () => {
    const ts = await chat.post(message);
    await chat.update({ channel: 'C1', ts, text: 'Run 1 passed' });

    expect(slack.messages).toMatchObject([{ channel: 'C1', text: 'Run 1 passed', edits: 1, thread: null }]);
  });

  it('finds what it posted before it died', async () => {
    const first = await chat.post(message);
    const second = await chat.post(message);

    expect(second).toBe(first);
    expect(slack.messages).toHaveLength(1);
  });

  it('answers in the thread of a message', async () => {
    const thread = await chat.post(message);
    const reply = { ...message, key: 'run-1/build', thread };

    expect(await chat.post(reply)).toBe(await chat.post(reply));
    expect(slack.messages.map((each) => each.thread)).toEqual([null, thread]);
  });

  it('posts also where it may not read', async () => {
    slack.next.push({ status: 200, body: { ok: false, error: 'missing_scope' } });

    await chat.post(message);

    expect(slack.messages).toHaveLength(1);
  });

  it.each([
    {
      when: 'Slack says no',
      answer: { status: 200, body: { ok: false, error: 'channel_not_found' } },
      code: 'CHAT_REFUSED',
    },
    {
      when: 'it asks to slow down',
      answer: { status: 429, headers: { 'retry-after': '30' } },
      code: 'CHAT_UNAVAILABLE',
    },
    { when: 'it fails', answer: { status: 500 }, code: 'CHAT_UNAVAILABLE' },
  ])('says $code when $when', async ({ answer, code }) => {
    slack.next.push(answer, answer, answer);

    await expect(chat.update({ channel: 'C1', ts: '1.1', text: 'x' })).rejects.toMatchObject({ code });
  });

  it('does not wait for ever for an answer', async () => {
    slack.next.push(null, null, null);

    const asked = open(200).update({ channel: 'C1', ts: '1.1', text: 'x' });

    await expect(asked).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
  });
});

describe('escapeSlack', () => {
  it.each([
    ['<!channel> & co', '&lt;!channel&gt; &amp; co'],
    ['<https://evil.example|click>', '&lt;https://evil.example|click&gt;'],
    ['a\u001B[31mred\u0000', 'a [31mred '],
    ['two\nlines', 'two\nlines'],
  ])('makes %j harmless', (text, expected) => {
    expect(escapeSlack(text)).toBe(expected);
  });

  it('cuts long text without leaving half a character', () => {
    expect(escapeSlack('😀'.repeat(10), 4)).toBe('😀\uFFFD…');
  });
});
