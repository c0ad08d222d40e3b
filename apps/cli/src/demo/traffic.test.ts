import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@orchestra/testkit';
import { startTraffic, type Traffic } from './traffic.ts';

let server: Server;
let traffic: Traffic;

afterEach(() => {
  traffic.stop();
  server.closeAllConnections();
  server.close();
});

describe('startTraffic', () => {
  it('counts answers by their text', async () => {
    await meet((_request, response) => response.end('hello\n'));

    await eventually({ see: () => traffic.answers.get('hello') ?? 0, until: (count) => count > 3 });

    expect([traffic.errors(), traffic.latest()]).toEqual([0, 'hello']);
  });

  it.each<[string, RequestListener]>([
    ['a status of 500', (_request, response) => response.writeHead(500).end()],
    [
      'an answer that is cut in the middle',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        setImmediate(() => response.destroy());
      },
    ],
    ['a connection that is closed without an answer', (request) => request.socket.destroy()],
    ['an answer that never comes', () => {}],
  ])('counts %s as an error', async (_name, listener) => {
    await meet(listener);

    await eventually({ see: () => traffic.errors(), until: (errors) => errors > 3 });

    expect(traffic.errors()).toBe(traffic.total());
  });

  it('counts a refused connection as an error', async () => {
    await meet(() => {});
    server.closeAllConnections();
    server.close();

    await eventually({ see: () => traffic.errors(), until: (errors) => errors > 3 });

    expect(traffic.latest()).toMatch(/^no answer: /);
  });
});

async function meet(listener: RequestListener): Promise<void> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  traffic = startTraffic({ port, perSecond: 100, patienceMs: 100 });
}
