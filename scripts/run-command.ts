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

/** Runs a command in the root to its end, which is ours too after Ctrl-C. It is killed when its time is over. */
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
      if (signals.stop()) process.exit(code ?? 130);
      const durationMs = performance.now() - startedAt;
      resolve({ code: code ?? 128 + constants.signals[signal ?? 'SIGKILL'], output: chunks.join(''), durationMs });
    });
  });
}

/**
 * Passes on to a child what we are told: SIGTERM, and Ctrl-C where no terminal has sent it to the child already.
 *
 * @returns `stop` ends that, and says whether there was a Ctrl-C
 */
export function passSignalsTo(child: ChildProcess): { stop(): boolean } {
  let interrupted = false;
  function onTerminate(): void {
    child.kill('SIGTERM');
  }
  function onInterrupt(): void {
    interrupted = true;
    if (!process.stdin.isTTY) child.kill('SIGINT');
  }
  process.on('SIGTERM', onTerminate).on('SIGINT', onInterrupt);
  return {
    stop() {
      process.off('SIGTERM', onTerminate).off('SIGINT', onInterrupt);
      return interrupted;
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
