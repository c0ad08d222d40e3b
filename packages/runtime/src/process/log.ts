import { pino, type Logger } from 'pino';
import type { Log } from '../service/context.ts';
import { redactLine, redactText } from './redact.ts';

export interface LogOptions {
  service: string;
  level: 'debug' | 'info' | 'warn' | 'error';
  /** Path of a file, or a descriptor; standard output by default. */
  destination?: string | number;
}

/**
 * JSON lines with the service on each. What a child adds replaces what its parent says under the same name, so no key
 * comes twice. Secrets are masked and large values cut, whoever logs them.
 */
export function createLog({ service, level, destination }: LogOptions): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    // Errors are plain data by the time that pino sees them.
    serializers: { err: (error: unknown) => error },
  };
  const lines =
    destination === undefined ? pino(options) : pino(options, pino.destination({ dest: destination, sync: true }));
  return bind(lines, { service });
}

function bind(lines: Logger, bound: Readonly<Record<string, unknown>>): Log {
  return {
    debug: writeAt('debug'),
    info: writeAt('info'),
    warn: writeAt('warn'),
    error: writeAt('error'),
    child: (data) => bind(lines, { ...bound, ...redactLine(data) }),
  };

  function writeAt(level: LogOptions['level']): (data: object, message: string) => void {
    return (data, message) => {
      if (lines.isLevelEnabled(level)) lines[level]({ ...bound, ...redactLine(data) }, redactText(message));
    };
  }
}
