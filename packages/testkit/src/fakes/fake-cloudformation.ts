import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request to the API, by its parameters. */
export type CloudformationRequest = Readonly<Record<string, string>>;

/** What the API answers to one action: the inside of its result, or an error. */
export type CloudformationReply = { result: string } | { status: number; code: string; message: string };

export interface FakeCloudformation {
  url: string;
  seen: CloudformationRequest[];
  /** By action, in the order in which they are given; the last one stays. */
  replies: Record<string, readonly CloudformationReply[]>;
  close(): Promise<void>;
}

/** A real HTTP server that answers with recorded replies of CloudFormation's query API, version 2010-05-15. */
export async function startFakeCloudformation(replies: FakeCloudformation['replies']): Promise<FakeCloudformation> {
  const seen: CloudformationRequest[] = [];
  const given = new Map<string, number>();
  const fake: FakeCloudformation = { url: '', seen, replies, close: async () => {} };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(body);
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = addressOf(server.address());
  fake.url = `http://127.0.0.1:${port}`;
  fake.close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return fake;

  async function answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const asked = Object.fromEntries(new URLSearchParams((await buffer(request)).toString('utf8')));
    seen.push(asked);
    const action = asked['Action'] ?? '';
    const count = given.get(action) ?? 0;
    given.set(action, count + 1);
    const known = fake.replies[action] ?? [];
    return render(action, known[Math.min(count, known.length - 1)]);
  }
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
  return address;
}

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

function render(action: string, reply: CloudformationReply | undefined): { status: number; body: string } {
  if (reply === undefined) return renderError(400, 'InvalidAction', `No reply was recorded for ${action}`);
  if (!('result' in reply)) return renderError(reply.status, reply.code, reply.message);
  const result = `<${action}Result>${reply.result}</${action}Result>`;
  const metadata = '<ResponseMetadata><RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId></ResponseMetadata>';
  return { status: 200, body: `<${action}Response xmlns="${namespace}">${result}${metadata}</${action}Response>` };
}

function renderError(status: number, code: string, message: string): { status: number; body: string } {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  const body = `<ErrorResponse xmlns="${namespace}">${error}<RequestId>b9b4b068-example</RequestId></ErrorResponse>`;
  return { status, body };
}
