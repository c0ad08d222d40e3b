import { oneLine } from '@orchestra/contracts';
import type { Command } from 'commander';
import type { ApiClient } from '../client/api-client.ts';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { harmlessText } from '../render/harmless.ts';
import { plain } from '../render/paint.ts';
import type { LogPart } from './log-parts.ts';

interface Options extends PlatformOptions {
  follow?: boolean;
}

/** `orchestra logs`: the output of the stages of a run. */
export function addLogs(program: Command, console: Console): void {
  const command = program
    .command('logs')
    .description('print the output of a unit, or of all units of a run')
    .argument('<run>', 'id of a run, or owner/name#number')
    .argument('[unit]', 'a unit, such as build or test; absent: all that have output')
    .option('-f, --follow', 'go on until the unit, or the run, has ended');
  addPlatformOptions(command).action(async (run: string, unit: string | undefined, options: Options) => {
    const api = await openClient(options, console);
    // A name is looked up once, so that a run that is not there is told apart from one without output.
    const { runId, units } = (await api.readRun(run)).run;
    if (unit !== undefined && units[unit] === undefined) console.say(`The run has no unit ${unit} so far.`);
    const write = options.json === true ? writeJson(console) : writeText(console, unit === undefined);
    for await (const part of await readParts({ api, runId, unit, follow: options.follow === true })) write(part);
    console.finish(exitCodes.success);
  });
}

interface Wanted {
  api: ApiClient;
  runId: string;
  unit: string | undefined;
  follow: boolean;
}

async function readParts({ api, runId, unit, follow }: Wanted): Promise<AsyncIterable<LogPart>> {
  const { followLog, followRun, readLog, readLogs } = await import('./log-parts.ts');
  const path = runPath(runId, '/logs');
  if (unit === undefined) return follow ? followRun(api, runId) : readLogs(api, path);
  return follow ? followLog(api, path, { unit }) : readLog(api, path, { unit });
}

// One document for each part: a stream of them can be read while it comes.
function writeJson({ print }: Console): (part: LogPart) => void {
  return (part) => print(`${JSON.stringify(part)}\n`);
}

function writeText({ print, paint = plain }: Console, manyUnits: boolean): (part: LogPart) => void {
  let before = '';
  let atLineStart = true;
  return ({ unit, text }) => {
    if (text === '') return;
    if (manyUnits && unit !== before) print(`${atLineStart ? '' : '\n'}${paint('bold', `==> ${oneLine(unit)} <==`)}\n`);
    before = unit;
    print(harmlessText(text));
    atLineStart = text.endsWith('\n');
  };
}
