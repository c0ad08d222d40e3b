import { describe, expect, it } from '@jest/globals';
import { healthRoutes, listen, type Listening } from '@orchestra/runtime';
import { eventually } from '../eventually.ts';
import { silentLog } from '../given-context.ts';
import { startWorld, type Open, type World } from './running-services-world.ts';

const identity = '00000000-0000-4000-8000-000000000001';

/** What a running service says about itself over HTTP. The stores that are opened have no identity yet. */
export function testHealthRoutes(name: string, open: Open): void {
  describe(`the health of services on ${name}`, () => {
    it('is alive and not ready until the store has an identity', async () => {
      await using world = await startWorld(open, {});
      await using http = await serve(world);

      await eventually({ see: () => ask(http, '/readyz'), until: ({ status }) => status === 503 });
      expect(await ask(http, '/readyz')).toMatchObject({
        status: 503,
        text: JSON.stringify({ ready: false, problems: ['store_not_initialized'] }),
      });
      expect(await ask(http, '/livez')).toMatchObject({ status: 200, text: '{"alive":true}' });

      await world.backends.store.initialize(identity);

      const ready = await eventually({ see: () => ask(http, '/readyz'), until: ({ status }) => status === 200 });
      expect(ready.text).toBe('{"ready":true,"problems":[]}');
    });

    it('counts its work in the format of Prometheus, and names no run', async () => {
      await using world = await startWorld(open, {});
      await using http = await serve(world);
      await world.backends.store.initialize(identity);
      const runId = await world.push();
      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'success' });
      await eventually({ see: () => ask(http, '/metrics'), until: ({ text }) => counted.test(text) });

      const { status, type, text } = await ask(http, '/metrics');

      expect(status).toBe(200);
      expect(type).toMatch(/^text\/plain; *version=0\.0\.4/);
      expect(linesThatAreNone(text)).toEqual([]);
      expect(text).not.toContain(runId);
      expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/);
    });
  });
}

const counted = /^orchestra_attempts_total\{service="build",handler="code_push",end="finished"\} 1$/m;
const comment = /^# (HELP [a-zA-Z_:][\w:]* .+|TYPE [a-zA-Z_:][\w:]* (counter|gauge|histogram|summary|untyped))$/;
const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\n"])*"`;
const sample = new RegExp(
  String.raw`^([a-zA-Z_:][\w:]*)(\{${label}(,${label})*,?\})? ([+-]?(\d+(\.\d+)?(e[+-]?\d+)?|Inf)|NaN)( -?\d+)?$`,
);

// Prometheus documentation, "Exposition formats": comments, samples of a family that was typed before, empty lines.
function linesThatAreNone(text: string): string[] {
  const typed = new Set<string>();
  return text.split('\n').filter((line) => {
    if (line === '') return false;
    if (line.startsWith('# TYPE ')) typed.add(line.split(' ')[2] ?? '');
    if (line.startsWith('#')) return !comment.test(line);
    const family = sample.exec(line)?.[1] ?? '';
    return !typed.has(family) && !typed.has(family.replace(/_(bucket|sum|count)$/, ''));
  });
}

async function serve({ health, meter }: World): Promise<Listening & AsyncDisposable> {
  const routers = [healthRoutes(health(), meter.registry)];
  const http = await listen({ routers, host: '127.0.0.1', port: 0, log: silentLog });
  return { ...http, [Symbol.asyncDispose]: http.close };
}

interface Answer {
  status: number;
  type: string | null;
  text: string;
}

async function ask({ url }: Listening, path: string): Promise<Answer> {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}
