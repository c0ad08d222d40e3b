import { InvalidArgumentError, type Command } from 'commander';
import type { ApiClient } from '../client/api-client.ts';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';

interface Options extends PlatformOptions {
  branch: string;
  commit: string;
  environment?: string;
  author?: string;
  metadata: Readonly<Record<string, string>>;
  key?: string;
  wait?: boolean;
}

/** `orchestra trigger`: begins a run of one commit. */
export function addTrigger(program: Command, console: Console): void {
  const command = program
    .command('trigger')
    .description('begin a run of one commit; the token is ORCHESTRA_TRIGGER_TOKEN, or that of the data folder')
    .argument('<repository>', 'owner/name, or a git URL of an allowed repository')
    .requiredOption('--branch <name>', 'the branch whose run it is')
    .requiredOption('--commit <sha>', 'the full SHA of the commit', parseCommit)
    .option('--environment <name>', 'the last environment that the run may reach')
    .option('--author <name>', 'whose change it is; absent: the name of the token')
    .option('--metadata <key=value>', 'kept with the run; may be repeated', collectMetadata, {})
    .option('--key <text>', 'Idempotency-Key: with the same key again it is the same run')
    .option('--wait', 'wait for the end of the run, and end as it did');
  addPlatformOptions(command).action(async (repository: string, options: Options) => {
    const { sendTrigger } = await import('./send-trigger.ts');
    const { branch, commit, environment, author, metadata, key, data, json = false } = options;
    // Before the run begins: who cannot read it cannot wait for it.
    const api = options.wait === true ? await openClient(options, console) : null;
    const triggered = await sendTrigger({
      body: { repository, branch, commit_hash: commit, environment, author, metadata },
      key,
      environment: console.environment,
      folder: data,
    });
    console.print(json ? `${JSON.stringify(triggered)}\n` : `${triggered.runId}\n`);
    if (triggered.duplicate) console.say('This key began that run before.');
    if (api === null) console.finish(exitCodes.success);
    else await wait({ api, runId: triggered.runId, json }, console);
  });
}

async function wait({ api, runId, json }: { api: ApiClient; runId: string; json: boolean }, console: Console) {
  const { waitForRun } = await import('../client/wait-for-run.ts');
  const { exitCodeOfRun } = await import('../client/exit-code-of-run.ts');
  const shown = await waitForRun({ api, runId, say: (line) => console.say(line) });
  if (json) console.print(`${JSON.stringify(shown)}\n`);
  console.say(`${shown.overall.status}: ${shown.overall.reason}`);
  console.finish(exitCodeOfRun(shown));
}

function parseCommit(text: string): string {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a full SHA in lower case; `git rev-parse <branch>` prints it.');
}

function collectMetadata(entry: string, known: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = entry.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be key=value.');
  return { ...known, [entry.slice(0, at)]: entry.slice(at + 1) };
}
