import { startHttpFake, type FakeAnswer, type HttpFake, type SeenRequest } from './http-fake.ts';

/** A message as the channel shows it now. */
export interface SlackMessage {
  channel: string;
  ts: string;
  text: string;
  thread: string | null;
  metadata: { event_type: string; event_payload: Record<string, unknown> } | null;
  edits: number;
}

export interface FakeSlack extends HttpFake {
  /** What a client takes as its API address. */
  apiUrl: string;
  messages: SlackMessage[];
}

/** A stand-in for Slack's web API: post, update, and reading a channel back. Answers have the shapes that Slack documents. */
export async function startFakeSlack(): Promise<FakeSlack> {
  const messages: SlackMessage[] = [];
  const fake = await startHttpFake((request) => answer(request, messages));
  return { ...fake, apiUrl: `${fake.url}/api/`, messages };
}

function answer(request: SeenRequest, messages: SlackMessage[]): FakeAnswer {
  if (!String(request.headers['authorization']).startsWith('Bearer xoxb-')) return failure('not_authed');
  const form = new URLSearchParams(request.body);
  switch (request.path) {
    case '/api/chat.postMessage':
      return post(form, messages);
    case '/api/chat.update':
      return update(form, messages);
    case '/api/conversations.history':
      return success({
        messages: shown(messages.filter((each) => each.channel === form.get('channel') && each.thread === null)),
      });
    case '/api/conversations.replies':
      return success({ messages: shown(messages.filter((each) => each.thread === form.get('ts'))) });
    default:
      return failure('unknown_method');
  }
}

function post(form: URLSearchParams, messages: SlackMessage[]): FakeAnswer {
  const channel = form.get('channel') ?? '';
  const text = form.get('text') ?? '';
  if (channel === '') return failure('channel_not_found');
  if (text === '') return failure('no_text');
  const ts = `1767225600.${String(messages.length + 1).padStart(6, '0')}`;
  const metadata: SlackMessage['metadata'] = JSON.parse(form.get('metadata') ?? 'null');
  messages.push({ channel, ts, text, thread: form.get('thread_ts'), metadata, edits: 0 });
  return success({ channel, ts, message: { type: 'message', text, ts } });
}

function update(form: URLSearchParams, messages: SlackMessage[]): FakeAnswer {
  const message = messages.find((each) => each.ts === form.get('ts') && each.channel === form.get('channel'));
  if (message === undefined) return failure('message_not_found');
  message.text = form.get('text') ?? '';
  message.edits += 1;
  return success({ channel: message.channel, ts: message.ts, text: message.text });
}

function shown(messages: SlackMessage[]): object[] {
  return messages.map(({ ts, text, metadata }) => ({ type: 'message', ts, text, metadata: metadata ?? undefined }));
}

function success(body: object): FakeAnswer {
  return { status: 200, body: { ok: true, ...body } };
}

function failure(error: string): FakeAnswer {
  return { status: 200, body: { ok: false, error } };
}
