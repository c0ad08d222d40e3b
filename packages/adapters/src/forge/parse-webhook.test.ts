import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createWebhookReader } from './parse-webhook.ts';

const secret = "It's a Secret to Everybody";
const reader = createWebhookReader({ current: secret, previous: ['older'] });
const text = '{"ref":"refs/heads/main","id":1.0}';

function sign(body: string | Buffer, key = secret): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

describe('the webhook reader', () => {
  it('knows the signature of the vector that GitHub documents', async () => {
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

    const read = await reader.read({ body: Buffer.from('Hello, World!'), event: 'push', signature });

    expect(read).toEqual({ kind: 'refused', reason: 'malformed' });
  });

  it.each([secret, 'older'])('reads what is signed with %j', async (key) => {
    const read = await reader.read({ body: Buffer.from(text), event: 'push', signature: sign(text, key) });

    expect(read).toEqual({ kind: 'event', name: 'push', payload: { ref: 'refs/heads/main', id: 1 } });
  });

  it.each([
    ['no signature', undefined],
    ['an empty one', ''],
    ['sha1 only', 'sha1=b8e1b0f1e2a1c6d1f6d3e4b5a6978877665544aa'],
    ['another secret', sign(text, 'wrong')],
    ['upper case', sign(text).toUpperCase().replace('SHA256', 'sha256')],
    ['a truncated one', sign(text).slice(0, -1)],
    ['two of them', `${sign(text)}, ${sign(text)}`],
    ['one over the JSON written anew', sign(JSON.stringify(JSON.parse(text)))],
    ['one over a form', sign(`payload=${encodeURIComponent(text)}`)],
  ])('refuses %s', async (_name, signature) => {
    const read = await reader.read({ body: Buffer.from(text), event: 'push', signature });

    expect(read).toEqual({ kind: 'refused', reason: 'signature' });
  });

  it.each([
    ['no JSON', '{'],
    ['100,000 levels', '['.repeat(100_000)],
    ['a word', '"push"'],
    ['a number', '1'],
    ['null', 'null'],
  ])('calls %s malformed once the signature is good', async (_name, body) => {
    const read = await reader.read({ body: Buffer.from(body), event: 'push', signature: sign(body) });

    expect(read).toEqual({ kind: 'refused', reason: 'malformed' });
  });

  it('calls a delivery without its event header malformed', async () => {
    const read = await reader.read({ body: Buffer.from(text), event: undefined, signature: sign(text) });

    expect(read).toEqual({ kind: 'refused', reason: 'malformed' });
  });

  it('compares the bytes that came, also when they are no text', async () => {
    const body = Buffer.from([0x22, 0xff, 0xfe, 0x22]);

    const read = await reader.read({ body, event: 'push', signature: sign(body) });

    expect(read.kind).toBe('refused');
  });
});
