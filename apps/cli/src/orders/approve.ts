import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { findQuestion, questionOf } from './find-question.ts';
import { printOrder, type Ordered } from './print-order.ts';

interface Options extends PlatformOptions {
  environment?: string;
  unit?: string;
  reject?: boolean;
  note?: string;
}

/** `orchestra approve`: says yes or no to what a run asks, naming the content that it asks about. */
export function addApprove(program: Command, console: Console): void {
  const command = program
    .command('approve')
    .description(
      'say yes to what a run asks: a release, a plan of infrastructure, a step; the answer is for that content alone',
    )
    .argument('<run>', 'id of a run, or owner/name#number')
    .option('--environment <name>', 'where it waits, if it waits in several')
    .option('--unit <name>', 'the unit that asks, such as deploy/production/web')
    .option('--reject', 'say no')
    .option('--note <text>', 'why, for everybody who looks');
  addPlatformOptions(command).action(async (run: string, options: Options) => {
    const { environment = null, unit, reject = false, note, json = false } = options;
    const api = await openClient(options, console);
    const shown = await api.readRun(run);
    const question =
      unit === undefined ? findQuestion({ run: shown.run, asked: 'answer', environment }) : questionOf(unit, shown.run);
    const { digest } = question;
    if (!json) console.say(`${question.unit}${digest === null ? '' : `, ${digest}`}`);
    const path = runPath(run, reject ? '/reject' : '/approve');
    const ordered = await api.order<Ordered>(path, { unit: question.unit, digest, reason: note });
    printOrder({ ordered, json, look: `orchestra show '${run}'` }, console);
  });
}
