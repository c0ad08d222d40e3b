import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';
import { startTcpProxy, type TcpProxy } from './proxy.ts';

let server: Server;
let proxy: TcpProxy;
let client: Socket;
let heard = '';
let answers = '';
let closed: 'in order' | 'broken' | null = null;

beforeEach(async () => {
  [heard, answers, closed] = ['', '', null];
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard += String(chunk);
      socket.write(`<${String(chunk)}>`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startTcpProxy({ target: `127.0.0.1:${(server.address() as AddressInfo).port}` });
  client = connectTo(proxy);
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  server.close();
});

describe('startTcpProxy', () => {
  it('hands bytes on in both directions', async () => {
    client.write('a');

    await eventually({ see: () => answers, until: (text) => text === '<a>' });
    expect(proxy.connections()).toBe(1);
  });

  it('swallows answers while the server hears everything, and breaks off what it tore', async () => {
    proxy.behave('swallow_answers');
    client.write('b');
    await eventually({ see: () => proxy.swallowed(), until: (count) => count === 1 });
    expect([heard, answers, closed]).toEqual(['b', '', null]);

    proxy.behave('pass');

    await eventually({ see: () => closed, until: (how) => how === 'broken' });
  });

  it('lets nothing pass on a half-open connection, and closes nothing', async () => {
    client.write('c');
    await eventually({ see: () => answers, until: (text) => text === '<c>' });
    proxy.behave('half_open');

    client.write('d');

    await eventually({ see: () => proxy.swallowed(), until: (count) => count === 1 });
    expect([heard, closed]).toEqual(['c', null]);
  });

  it('ends connections in order when it drops them, and breaks them when it resets them', async () => {
    client.write('e');
    await eventually({ see: () => answers, until: (text) => text === '<e>' });
    proxy.drop();
    await eventually({ see: () => closed, until: (how) => how === 'in order' });

    client = connectTo(proxy);
    client.write('f');
    await eventually({ see: () => answers, until: (text) => text === '<e><f>' });
    proxy.reset();

    await eventually({ see: () => closed, until: (how) => how === 'broken' });
    expect(proxy.connections()).toBe(0);
  });

  it('refuses new connections', async () => {
    proxy.behave('refuse');

    client = connectTo(proxy);

    expect(await eventually({ see: () => closed, until: (how) => how !== null })).toBe('broken');
  });

  it('holds bytes back', async () => {
    proxy.delay(100);
    const began = performance.now();

    client.write('g');

    await eventually({ see: () => answers, until: (text) => text === '<g>' });
    expect(performance.now() - began).toBeGreaterThan(190);
  });
});

function connectTo({ port }: TcpProxy): Socket {
  const socket = connect(port, '127.0.0.1');
  closed = null;
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    answers += String(chunk);
  });
  socket.once('close', (broken) => {
    if (socket === client) closed = broken ? 'broken' : 'in order';
  });
  return socket;
}
