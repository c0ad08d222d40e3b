import { OrchestraError } from '@orchestra/contracts';

/** Writes down that a process heard something. */
export type Trace = (who: string, what: string, answer: unknown) => void;

/** A trace that keeps nothing. */
export const noTrace: Trace = () => {};

/** A trace whose lines say when, who, what and, in short, which answer. */
export function createTrace(nowMs: () => number, tell: (line: string) => void): Trace {
  return (who, what, answer) => {
    tell(`${nowMs().toFixed(3).padStart(12)} ${who.padEnd(17)} ${what.padEnd(22)} ${describe(answer)}`.trimEnd());
  };
}

const longest = 200;

function describe(answer: unknown): string {
  if (answer === undefined || answer === null) return '';
  if (answer instanceof OrchestraError) return `! ${answer.code} ${answer.message}`;
  if (answer instanceof Error) return `! ${answer.name} ${answer.message}`;
  if (typeof answer === 'string') return answer;
  return (JSON.stringify(answer, shorten) ?? '').slice(0, longest);
}

function shorten(key: string, value: unknown): unknown {
  if (key === 'payload' || key === 'value' || key === 'slices' || key === 'run') return undefined;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return value;
}
