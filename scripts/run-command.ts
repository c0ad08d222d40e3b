import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';

/** The repository's root. */
export const root = join(import.meta.dirname, '..');

/** A command of ours. Its output is kept for the caller, or shown: as it is, or all of it on stderr. */
export interface Command {
  command: string;
  args: string[];
  env?: Record<string, string>;
  shown?: boolean | 'stderr';
  timeoutMs?: number;
}

/** How a command ended: 128 and the signal's number where a signal ended it, as a shell says it. */
export interface Ended {
  code: number;
  output: string;
  durationMs: number;
}

/** Runs a command in the root to its end, which is ours too after Ctrl-C or SIGTERM. It is killed when its time is over. */
export function runCommand({ command, args, env, shown = false, timeoutMs }: Command): Promise<Ended> {
  const startedAt = performance.now();
  const chunks: string[] = [];
  const [out, errors] = shown === false ? (['pipe', 'pipe'] as const) : (['inherit', 'inherit'] as const);
  const stdio: StdioOptions = ['inherit', shown === 'stderr' ? process.stderr : out, errors];
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio });
  child.stdout?.on('data', (chunk) => chunks.push(String(chunk)));
  child.stderr?.on('data', (chunk) => chunks.push(String(chunk)));
  const signals = passSignalsTo(child);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const told = signals.stop();
      const ended = code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
      // Who was told to end does not begin the next thing.
      if (told !== null) process.exit(code === 0 ? 128 + constants.signals[told] : ended);
      resolve({ code: ended, output: chunks.join(''), durationMs: performance.now() - startedAt });
    });
  });
}

/**
 * Passes on to a child what we are told: SIGTERM, and Ctrl-C where no terminal has sent it to the child already.
 *
 * @returns `stop` ends that, and gives the signal that came, if one did
 */
export function passSignalsTo(child: ChildProcess): { stop(): NodeJS.Signals | null } {
  let told: NodeJS.Signals | null = null;
  function onTerminate(): void {
    told = 'SIGTERM';
    child.kill('SIGTERM');
  }
  function onInterrupt(): void {
    told = 'SIGINT';
    if (!process.stdin.isTTY) child.kill('SIGINT');
  }
  process.on('SIGTERM', onTerminate).on('SIGINT', onInterrupt);
  return {
    stop() {
      process.off('SIGTERM', onTerminate).off('SIGINT', onInterrupt);
      return told;
    },
  };
}

/** Runs a script of the root's package.json, without npm's own words. */
export function runScript(name: string): Promise<Ended> {
  return runCommand({ command: 'npm', args: ['run', '--silent', name] });
}

/** Tells a person on stderr how far we are. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
