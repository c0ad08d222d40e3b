import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { orchestra } from '../fake-console.fixture.ts';
import { aShownRun, aUnit } from '../shown-run.fixture.ts';

const written: Record<string, string> = {
  'build 1': 'built badly\n',
  'build 2': 'building\n\u001B[31mred\u001B[0m\nbuilt',
  'test 2': 'tested\n',
};
let server: Server;
let asked: string[];
/** How often a stream is cut after its first part. */
let cuts: number;

beforeEach(async () => {
  asked = [];
  cuts = 0;
  server = createServer((request, response) => answer(new URL(request.url ?? '/', 'http://x'), response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function environment(): Record<string, string> {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { ORCHESTRA_URL: `http://127.0.0.1:${port}`, ORCHESTRA_TOKEN: 't1' };
}

// What the API answers, seven bytes at a time.
function answer(url: URL, response: ServerResponse): void {
  asked.push(`${url.pathname}${url.search}`);
  if (!url.pathname.endsWith('/logs')) {
    response.end(
      JSON.stringify(aShownRun({ units: { build: aUnit({ generation: 2 }), test: aUnit({ generation: 2 }) } })),
    );
    return;
  }
  const unit = url.searchParams.get('unit');
  if (unit === null) {
    const logs = Object.keys(written).map((key) => ({
      unit: key.split(' ')[0],
      generation: Number(key.split(' ')[1]),
    }));
    response.end(JSON.stringify({ logs }));
    return;
  }
  const text = Buffer.from(written[`${unit} ${url.searchParams.get('generation') ?? 2}`] ?? '');
  const from = Number(url.searchParams.get('from'));
  if (url.searchParams.get('follow') === 'true') stream(text, from, response);
  else
    response.end(
      JSON.stringify({ text: text.subarray(from, from + 7).toString(), next: Math.min(from + 7, text.length) }),
    );
}

function stream(text: Buffer, from: number, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': still here\n\n');
  for (let at = from; at < text.length; at += 7) {
    const next = Math.min(at + 7, text.length);
    response.write(
      `id: ${next}\nevent: log\ndata: ${JSON.stringify({ text: text.subarray(at, next).toString() })}\n\n`,
    );
    if (cuts > 0) {
      cuts -= 1;
      response.end();
      return;
    }
  }
  response.end(`id: ${text.length}\nevent: end\ndata: {}\n\n`);
}

const shownBuild = 'building\n\uFFFD[31mred\uFFFD[0m\nbuilt';

describe('orchestra logs', () => {
  it.each([[[]], [['--follow']]])('prints all that a unit wrote, harmless to a terminal, with %j', async (options) => {
    const ran = await orchestra(['logs', 'acme/shop#3', 'build', ...options], environment());

    expect(ran).toEqual({ code: 0, data: shownBuild, progress: '' });
    expect(asked[0]).toBe('/api/v1/runs/acme%2Fshop%233');
    expect(asked[1]).toMatch(/^\/api\/v1\/runs\/run-1\/logs\?unit=build&from=0/);
  });

  it('prints the newest output of all units under their names', async () => {
    const ran = await orchestra(['logs', 'run-1'], environment());

    expect(ran.data).toBe(`==> build <==\n${shownBuild}\n==> test <==\ntested\n`);
  });

  it('follows a run until its end, through all of its generations', async () => {
    const ran = await orchestra(['logs', 'run-1', '-f'], environment());

    expect(ran.data).toBe(`==> build <==\nbuilt badly\n${shownBuild}\n==> test <==\ntested\n`);
  });

  it('goes on where a connection broke', async () => {
    cuts = 1;

    const ran = await orchestra(['logs', 'run-1', 'build', '-f'], environment());

    expect(ran).toEqual({ code: 0, data: shownBuild, progress: '' });
    expect(asked.at(-1)).toContain('from=7&follow=true');
  });

  it('prints a JSON document for each part', async () => {
    const ran = await orchestra(['logs', 'run-1', 'test', '-f', '--json'], environment());

    expect(
      ran.data
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([{ unit: 'test', text: 'tested\n', next: 7 }]);
  });

  it('says that a unit is not there, and prints nothing', async () => {
    const ran = await orchestra(['logs', 'run-1', 'deploy/x/y'], environment());

    expect(ran).toEqual({ code: 0, data: '', progress: 'The run has no unit deploy/x/y so far.\n' });
  });
});
