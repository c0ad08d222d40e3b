import type { TerminalStatus } from '@orchestra/contracts';

/** How one command ended; the words are those of the sandbox. */
export interface CommandEnd {
  command: readonly string[];
  outcome: 'exited' | 'not_found' | 'timed_out' | 'memory' | 'too_much_output';
  exitCode: number | null;
  /** Whether commands could reach the network. */
  hasNetwork: boolean;
}

export type Verdict = { kind: 'passed' } | { kind: 'ended'; status: TerminalStatus; reason: string; message: string };

/** Whether the build goes on after a command. */
export function decideVerdict(end: CommandEnd): Verdict {
  const name = end.command.slice(0, 3).join(' ').slice(0, 100);
  switch (end.outcome) {
    case 'exited':
      return end.exitCode === 0
        ? { kind: 'passed' }
        : failed('command_failed', `${name} ended with exit code ${end.exitCode}${hint(end)}`);
    case 'not_found':
      return {
        kind: 'ended',
        status: 'error',
        reason: 'tool_not_installed',
        message: `${end.command[0]} is not installed where builds run`,
      };
    case 'timed_out':
      return {
        kind: 'ended',
        status: 'timed_out',
        reason: 'build_time_limit',
        message: `${name} took longer than the build may`,
      };
    case 'memory':
      return failed('out_of_memory', `${name} needs more memory than a build may have`);
    case 'too_much_output':
      return failed('too_much_output', `${name} would not stop printing`);
  }
}

function failed(reason: string, message: string): Verdict {
  return { kind: 'ended', status: 'failure', reason, message };
}

// The commonest surprise: an installation that would need a registry.
function hint({ command, hasNetwork }: CommandEnd): string {
  const installs = command[0] === 'npm' && (command[1] === 'ci' || command[1] === 'install');
  return installs && !hasNetwork ? '; builds have no network here (setting SANDBOX_NETWORK)' : '';
}
