import { isServiceName, type ServiceName } from '@orchestra/contracts';
import { InvalidArgumentError, type Command } from 'commander';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';

interface Options {
  data: string;
  host: string;
  port: string;
  repository?: string[];
  distributed?: boolean;
  replicas?: Partial<Record<ServiceName, number>>;
  json?: boolean;
}

/** `orchestra up`: all nine services, in this process or as nine of them. */
export function addUp(program: Command, console: Console): void {
  program
    .command('up')
    .description('run the platform: all nine services, durable in one folder')
    .option('--data <folder>', 'everything durable lives here', '.orchestra')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <number>', 'where to listen; 0: any free port', '4500')
    .option('--repository <entry>', 'owner/name, or owner/name=path-or-url; may be repeated', collect)
    .option('--distributed', 'nine processes on the Kafka, registry and Redis that the environment names')
    .option('--replicas <entry>', 'with --distributed: service=count; may be repeated', countReplicas)
    .option('--json', 'print the address as one JSON document')
    .action(async (options: Options) => {
      // From the beginning: a service process that has no parent any more would run on for ever.
      const asked = stopAsked();
      const platform = await open(options, console, asked).catch((error: unknown) => {
        if (!asked.aborted) throw error;
        return null;
      });
      if (platform === null) return console.finish(exitCodes.success);
      console.print(
        options.json === true ? `${JSON.stringify({ url: platform.url, pid: process.pid })}\n` : `${platform.url}\n`,
      );
      for (const line of options.distributed === true ? [] : doorsOf(platform.url, options.data)) console.say(line);
      console.say('The platform runs. Ctrl-C drains and stops it; releases keep serving.');
      try {
        await Promise.race([asked.aborted || once(asked, 'abort'), platform.crashed]);
      } finally {
        // Also when a part of it cannot go on: half a platform would take work in that nobody ends.
        console.say('Draining…');
        await platform.stop();
      }
      console.finish(exitCodes.success);
    });
}

// Whoever sees it for the first time looks for what the page asks for, and for the secret of the forge.
function doorsOf(url: string, data: string): string[] {
  const file = join(data, 'credentials.json');
  return [
    `The page of runs: ${url}; it asks for a token, apiToken in ${file}`,
    `Webhooks of the forge: ${url}/webhooks/github, with webhookSecret in that file`,
  ];
}

function collect(entry: string, entries: string[] = []): string[] {
  return [...entries, entry];
}

function countReplicas(
  entry: string,
  known: Partial<Record<ServiceName, number>> = {},
): Partial<Record<ServiceName, number>> {
  const [name = '', count = ''] = entry.split('=');
  if (!isServiceName(name) || !/^[1-9]$/.test(count)) {
    throw new InvalidArgumentError(`${entry} is not service=count, such as rollback=2`);
  }
  return { ...known, [name]: Number(count) };
}

async function open(options: Options, console: Console, signal: AbortSignal): Promise<Opened> {
  const { data: folder, host, port, repository: repositories = [], replicas = {} } = options;
  const common = { folder, host, port: Number(port), repositories, environment: console.environment };
  if (options.distributed === true) {
    const { openDistributedPlatform } = await import('./open-distributed-platform.ts');
    return openDistributedPlatform({ ...common, replicas, signal, say: (line) => console.say(line) });
  }
  const { openEmbeddedPlatform } = await import('./open-embedded-platform.ts');
  return openEmbeddedPlatform({ ...common, logTo: 'stderr' });
}

interface Opened {
  url: string;
  crashed: Promise<never>;
  stop(): Promise<void>;
}

function stopAsked(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => asked.abort());
  return asked.signal;
}
