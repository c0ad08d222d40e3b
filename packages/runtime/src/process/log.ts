import { pino } from 'pino';
import type { Log } from '../service/context.ts';

const secretPaths = ['authorization', 'token', 'password', 'secret', 'signature', 'cookie'];

export interface LogOptions {
  service: string;
  level: 'debug' | 'info' | 'warn' | 'error';
  /** Path of a file, or a descriptor; standard output by default. */
  destination?: string | number;
}

/** JSON lines with the service on each; keys that hold secrets are masked, whoever logs them. */
export function createLog({ service, level, destination }: LogOptions): Log {
  const options = {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretPaths.flatMap((path) => [path, `*.${path}`, `*.*.${path}`]), censor: '[secret]' },
  };
  return destination === undefined ? pino(options) : pino(options, pino.destination({ dest: destination, sync: true }));
}
