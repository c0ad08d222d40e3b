import { OrchestraError, type Artifact } from '@orchestra/contracts';
import type { Building, Made } from './build.ts';
import { decideVerdict, type Verdict } from './decide-verdict.ts';

const maxArchiveBytes = 4 * 1024 ** 3;

/** Runs the commands one after another in the sandbox and stores the output paths as an archive. */
export async function makeArchive(commands: readonly (readonly string[])[], building: Building): Promise<Made> {
  for (const command of commands) {
    const verdict = await runCommand(command, building);
    if (verdict.kind === 'ended') return verdict;
  }
  return storeOutput(building);
}

async function runCommand(command: readonly string[], building: Building): Promise<Verdict> {
  const { request, bench, context, ports, say, remainingMs } = building;
  say(`$ ${command.join(' ')}\n`);
  const { outcome, exitCode } = await bench.run({
    argv: command,
    folder: request.plan.context,
    env: { npm_config_update_notifier: 'false' },
    timeoutMs: remainingMs(),
    signal: context.signal,
    onOutput: say,
  });
  context.signal.throwIfAborted();
  if (outcome === 'aborted') throw new OrchestraError('COMMAND_FAILED', 'The build was stopped', { retriable: true });
  const { notes } = ports.workbench;
  return decideVerdict({ command, outcome, exitCode, hasNetwork: notes.length > 0 });
}

async function storeOutput({ request, bench, context }: Building): Promise<Made> {
  const { plan, name } = request;
  try {
    const content = bench.pack({ paths: plan.output, maxBytes: maxArchiveBytes, signal: context.signal });
    const { digest, sizeBytes } = await context.artifacts.put(content);
    const artifact: Artifact = { name, kind: 'ARCHIVE', digest, sizeBytes, reference: null };
    return { kind: 'made', artifacts: [artifact] };
  } catch (error) {
    const reason = error instanceof OrchestraError ? outputReasons[error.code] : undefined;
    if (reason === undefined || !(error instanceof OrchestraError)) throw error;
    return { kind: 'ended', status: 'failure', reason, message: error.message };
  }
}

// What is wrong with the output is the repository's fault, and no trouble of ours.
const outputReasons: Partial<Record<string, string>> = {
  NOT_FOUND: 'output_missing',
  PATH_OUTSIDE: 'output_refused',
  ARTIFACT_TOO_LARGE: 'output_too_large',
};
