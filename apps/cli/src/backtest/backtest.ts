import { InvalidArgumentError, type Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import type { BacktestOptions } from './perform-backtest.ts';

/** `orchestra backtest`: what a policy would have rolled back, and when. */
export function addBacktest(program: Command, console: Console): void {
  program
    .command('backtest')
    .description('give recorded metrics to the judgement, and say what it would have rolled back and when')
    .requiredOption('--policy <file>', 'a pipeline file, or an SLO file of Keptn')
    .option(
      '--from <recording>',
      'a file with one JSON sample a line, -, or the address of a Prometheus; default: what the platform has kept',
    )
    .option('--repository <name>', 'of what the platform has kept: owner/name')
    .option('--service <name>', 'of a Prometheus and of what was kept: the service')
    .option('--environment <name>', 'of a Prometheus and of what was kept: the environment (default: production)')
    .option(
      '--release <name>',
      'of a Prometheus: the release, where the queries name it; of what was kept: only this one',
    )
    .option('--beside <name>', 'of a Prometheus: the release that served beside it')
    .option(
      '--start <time>',
      'of a Prometheus: when the release began to serve; of what was kept: since when',
      parseTime,
    )
    .option('--end <time>', 'until when (default: as long as a watch may take; of what was kept: now)', parseTime)
    .option(
      '--data <folder>',
      'the platform that runs on this folder; ORCHESTRA_URL and ORCHESTRA_TOKEN come first',
      '.orchestra',
    )
    .option('--json', 'print JSON')
    .action(async ({ json, ...options }: BacktestOptions & { json?: boolean }) => {
      const { performBacktest } = await import('./perform-backtest.ts');
      const { releases, lines, summary } = await performBacktest(options, console);
      console.print(json === true ? `${JSON.stringify({ releases })}\n` : `${lines.join('\n')}\n`);
      console.say(summary);
      console.finish(exitCodes.success);
    });
}

function parseTime(text: string): Date {
  const at = new Date(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError('It is a time such as 2030-01-31T12:00:00Z.');
}
