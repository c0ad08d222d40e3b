import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';

interface Options {
  data: string;
  host: string;
  port: string;
  repository: string[];
  distributed?: boolean;
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
    .option('--repository <entry>', 'owner/name, or owner/name=path-or-url; may be repeated', collect, [])
    .option('--distributed', 'nine processes on the Kafka, registry and Redis that the environment names')
    .option('--json', 'print the address as one JSON document')
    .action(async (options: Options) => {
      const platform = await open(options, console);
      console.print(
        options.json === true ? `${JSON.stringify({ url: platform.url, pid: process.pid })}\n` : `${platform.url}\n`,
      );
      console.say('The platform runs. Ctrl-C drains and stops it; releases keep serving.');
      await Promise.race([stopAsked(), platform.crashed]);
      console.say('Draining…');
      await platform.stop();
      console.finish(exitCodes.success);
    });
}

function collect(entry: string, entries: string[]): string[] {
  return [...entries, entry];
}

async function open(options: Options, console: Console): Promise<Opened> {
  const { data: folder, host, port, repository: repositories } = options;
  const common = { folder, host, port: Number(port), repositories, environment: console.environment };
  if (options.distributed === true) {
    const { openDistributedPlatform } = await import('./open-distributed-platform.ts');
    return openDistributedPlatform({ ...common, say: (line) => console.say(line) });
  }
  const { openEmbeddedPlatform } = await import('./open-embedded-platform.ts');
  return openEmbeddedPlatform({ ...common, logTo: 'stderr' });
}

interface Opened {
  url: string;
  crashed: Promise<never>;
  stop(): Promise<void>;
}

function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
