import { InvalidArgumentError, type Command } from 'commander';
import type { Console } from '../console.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { findQuestion } from './find-question.ts';
import { printOrder, type Ordered } from './print-order.ts';

interface Options extends PlatformOptions {
  unit?: string;
  note?: string;
  reason?: string;
}

type Arguments = [what: string, words: readonly string[], options: Options];

/** `orchestra resolve`: a person has looked at what nobody knows, and says what became of it, or takes it as it is. */
export function addResolve(program: Command, console: Console): void {
  const command = program
    .command('resolve')
    .usage(
      '[options] <run> happened|did-not-happen|try-again\n       orchestra resolve [options] <owner/name> <environment> <service>',
    )
    .description(
      'say what a look has found: what became of an effect that was cut, or that what serves in a blocked target goes on serving',
    )
    .argument('<what>', 'id of a run, owner/name#number, or owner/name of a target')
    .argument('<words...>', 'what became of it; of a target its environment and service')
    .option('--unit <name>', 'the unit of the run, if several ask')
    .option('--note <text>', 'what was seen, for the audit log')
    .option('--reason <text>', 'the same');
  addPlatformOptions(command).action(async (...[what, words, options]: Arguments) => {
    const [first = '', service] = words;
    if (words.length > 2) throw new InvalidArgumentError('Too many arguments; see orchestra resolve --help.');
    return service === undefined
      ? resolveRun({ run: what, word: first, options }, console)
      : resolveTarget({ target: [what, first, service], options }, console);
  });
}

interface OfRun {
  run: string;
  word: string;
  options: Options;
}

async function resolveRun({ run, word, options }: OfRun, console: Console): Promise<void> {
  const { unit, note, reason, json = false } = options;
  const resolution = word.replaceAll('-', '_');
  const api = await openClient(options, console);
  const asking = unit ?? findQuestion({ run: (await api.readRun(run)).run, asked: 'resolve', environment: null }).unit;
  // What a rollback could not do is resolved by deploy, which has the target.
  const body = { unit: asking.replace(/^rollback\//, 'deploy/'), resolution, reason: note ?? reason };
  const ordered = await api.order<Ordered>(runPath(run, '/resolve'), body);
  printOrder({ ordered, json, look: `orchestra show '${run}'` }, console);
}

interface OfTarget {
  target: readonly string[];
  options: Options;
}

async function resolveTarget({ target, options }: OfTarget, console: Console): Promise<void> {
  const { note, reason, json = false } = options;
  const api = await openClient(options, console);
  const path = `/targets/${target.map(encodeURIComponent).join('/')}/resolve`;
  const ordered = await api.order<Ordered>(path, { reason: note ?? reason });
  printOrder({ ordered, json, look: `orchestra runs --repository ${target[0] ?? ''}` }, console);
}
