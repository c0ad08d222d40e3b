import { inspect } from 'node:util';

/** A value that prints `[secret]`, in a log line, in JSON, in a template and in the inspector. */
export interface Secret {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

const shown = '[secret]';

/** Wraps a secret at the door, so that it cannot be shown by accident. */
export function createSecret(value: string): Secret {
  return Object.freeze({
    reveal: () => value,
    toString: () => shown,
    toJSON: () => shown,
    [inspect.custom]: () => shown,
  });
}
