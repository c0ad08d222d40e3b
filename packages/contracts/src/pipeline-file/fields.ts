import { z } from 'zod';

/** Names of environments and services: they become parts of addresses, labels and queries. */
export const targetName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen at an end',
  );

const longestPath = 255;

/** A path that stays inside the workspace as text; links are checked again where the file is opened. */
export const workspacePath = z
  .string()
  .min(1, 'must name a file or folder')
  .max(longestPath, `must have at most ${longestPath} characters`)
  .refine(staysInside, 'must be a relative path inside the workspace, without `..`, backslashes or control characters')
  .transform(normalizePath);

function staysInside(path: string): boolean {
  const foreign = /[\p{Cc}\\]/u.test(path) || /^[/~-]/.test(path) || /^[A-Za-z]:/.test(path);
  return !foreign && !path.split('/').includes('..');
}

function normalizePath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.length === 0 ? '.' : segments.join('/');
}

/** The path part of an address that we ask ourselves. */
export const urlPath = z
  .string()
  .regex(/^\/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,200}$/, 'must be a path that begins with `/`, such as /health');

const argument = z
  .string()
  .max(4096, 'must have at most 4096 characters')
  .refine((text) => !text.includes('\0'), 'must not hold a NUL character');

/** A line for `sh -c`, or a list of arguments that no shell sees. */
export const command = z.union([
  argument.refine((line) => line.trim() !== '', 'must not be empty'),
  z
    .array(argument)
    .min(1, 'must have at least one argument')
    .max(64, 'must have at most 64 arguments')
    .refine((list) => list[0] !== '', 'must begin with a program'),
]);

/** The arguments of a command as the file has it. */
export function toArguments(written: z.output<typeof command>): readonly string[] {
  return typeof written === 'string' ? ['sh', '-c', written] : written;
}

const longestSeconds = 7 * 24 * 3600;

/** A duration of at least 50 ms and at most a week; fractions are fine. */
export const seconds = z
  .number()
  .min(0.05, 'must be at least 0.05 seconds')
  .max(longestSeconds, 'must be at most a week (604800 seconds)');

export function toMs(duration: number): number {
  return Math.round(duration * 1000);
}

export const percent = z.number().min(0, 'must be 0 to 100').max(100, 'must be 0 to 100');

export const port = z.int().min(1, 'must be a port, 1 to 65535').max(65_535, 'must be a port, 1 to 65535');

/** One line for people: no control characters, so that it can be shown anywhere. */
export const line = z
  .string()
  .min(1, 'must not be empty')
  .max(200, 'must have at most 200 characters')
  .regex(/^\P{Cc}*$/u, 'must be one line without control characters');

/** The limits that every stage has which runs the repository's code. */
export function stageLimits(defaults: { timeoutSeconds: number; haltOnFailure: boolean }) {
  return {
    timeout_seconds: seconds.default(defaults.timeoutSeconds).describe('How long the stage may take.'),
    attempts: z
      .int()
      .min(1, 'must be 1 to 10')
      .max(10, 'must be 1 to 10')
      .default(3)
      .describe(
        'Tries at infrastructure trouble, such as a host that died. A bad verdict is never tried again by this.',
      ),
    halt_on_failure: z
      .boolean()
      .default(defaults.haltOnFailure)
      .describe('Whether a bad outcome also stops the stages that run beside this one.'),
  };
}
