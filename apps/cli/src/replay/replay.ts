import { isServiceName, isTopic, OrchestraError, type ServiceName, type Topic } from '@orchestra/contracts';
import type { RangeStart, Replayed } from '@orchestra/runtime';
import { InvalidArgumentError, type Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { harmless } from '../render/harmless.ts';
import { parseFrom } from './parse-from.ts';
import { renderReplayed } from './render-replayed.ts';

interface Options {
  topic: Topic;
  service: ServiceName;
  from: RangeStart;
  dryRun?: boolean;
  data: string;
  distributed?: boolean;
  json?: boolean;
}

/** `orchestra replay`: how this build of a service would answer events that were recorded. */
export function addReplay(program: Command, console: Console): void {
  program
    .command('replay')
    .description(
      'give recorded events to this build of a service, and show where it answers otherwise than was recorded',
    )
    .requiredOption('--topic <topic>', 'whose events, such as build_ready', parseTopic)
    .requiredOption('--service <service>', 'which service answers', parseService)
    .option('--from <start>', 'oldest, a time, an offset or partition:offset', parseFrom, { kind: 'oldest' })
    .option('--dry-run', 'publishes nothing; there is no other way')
    .option('--data <folder>', 'the data folder of an embedded platform, which must not run meanwhile', '.orchestra')
    .option('--distributed', 'the topics and the artifacts that the environment names')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      if (options.dryRun !== true) throw refused();
      const { replayFrom } = await import('./replay-from.ts');
      const replayed = await replayFrom(options, console.environment);
      const text = options.json === true ? JSON.stringify({ replayed }) : renderReplayed(harmless(replayed)).join('\n');
      console.print(`${text}\n`);
      console.say(summaryOf(replayed));
      console.finish(replayed.some(isOtherwise) ? exitCodes.failure : exitCodes.success);
    });
}

function refused(): OrchestraError {
  const why = 'answers to old events would be published as new ones, and effects would be made again';
  return new OrchestraError('REQUEST_INVALID', `Only with --dry-run: ${why}. To act again, retry the run.`);
}

function isOtherwise({ kind }: Replayed): boolean {
  return kind === 'differs' || kind === 'refused';
}

function summaryOf(replayed: readonly Replayed[]): string {
  const count = (kind: Replayed['kind']): number => replayed.filter((one) => one.kind === kind).length;
  return `${replayed.length} events: ${count('same')} answered as recorded, ${count('differs')} otherwise, ${count('refused')} refused, ${count('world')} not judged because the answer depends on the world.`;
}

function parseTopic(text: string): Topic {
  if (isTopic(text)) return text;
  throw new InvalidArgumentError('There is no such topic.');
}

function parseService(text: string): ServiceName {
  if (isServiceName(text)) return text;
  throw new InvalidArgumentError('There is no such service.');
}
