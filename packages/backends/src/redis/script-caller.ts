import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { scripts, type ScriptName } from './scripts.ts';
import { toStoreError } from './store-error.ts';

/** Runs the scripts of the store over one connection. */
export interface ScriptCaller {
  /** Prefix of all keys, with its one hash tag. */
  prefix: string;
  /** One round trip. `values` reach the script as bytes behind the arguments. Texts come back as strings. */
  call(name: ScriptName, args: Arguments, values?: readonly Buffer[]): Promise<unknown>;
  /** The same, and texts come back as bytes. */
  callForBytes(name: ScriptName, args: Arguments): Promise<unknown>;
  /** Makes all scripts known to the server, so that no step has to send its text. */
  load(): Promise<void>;
}

/** What a script gets as `A`: JSON without null fields. */
export type Arguments = Readonly<Record<string, unknown>>;

interface CallerOptions {
  prefix: string;
  retentionMs: number;
  /** Name of the identity marker, four letters: `meta`, or the one of a store that is being filled. */
  marker: string;
}

/**
 * @throws OrchestraError `STORE_UNAVAILABLE`, `STORE_NOT_INITIALIZED` (both retriable), `STORE_ARGUMENT_INVALID`
 */
export function createScriptCaller(redis: Redis, options: CallerOptions): ScriptCaller {
  const { prefix, retentionMs } = options;
  const marker = `${prefix}${options.marker}`;
  const encode = (args: Arguments): string => encodeArguments({ ...args, retentionMs });

  return {
    prefix,
    async call(name, args, values = []) {
      const words = ['1', marker, encode(args), ...values];
      return told(
        async () => redis.call('EVALSHA', hashes.get(name) ?? '', ...words),
        async () => redis.call('EVAL', scripts[name], ...words),
      );
    },
    async callForBytes(name, args) {
      const words = ['1', marker, encode(args)];
      return told(
        async () => redis.callBuffer('EVALSHA', hashes.get(name) ?? '', ...words),
        async () => redis.callBuffer('EVAL', scripts[name], ...words),
      );
    },
    async load() {
      await told(async () => Promise.all(Object.values(scripts).map(async (text) => redis.script('LOAD', text))));
    },
  };
}

const hashes: ReadonlyMap<string, string> = new Map(
  Object.entries(scripts).map(([name, text]) => [name, createHash('sha1').update(text).digest('hex')]),
);

// A restarted or failed-over server has forgotten the scripts: their text is sent once more.
async function told(byHash: () => Promise<unknown>, byText?: () => Promise<unknown>): Promise<unknown> {
  try {
    return await byHash();
  } catch (error) {
    if (byText !== undefined && error instanceof Error && error.message.startsWith('NOSCRIPT')) return told(byText);
    throw toStoreError(error);
  }
}

// A lone surrogate, as a cut message has one, is no Unicode, and cjson would refuse the whole step.
function encodeArguments(args: Arguments): string {
  return JSON.stringify(args, (_key, value: unknown) => {
    if (value === null) return;
    return typeof value === 'string' ? value.toWellFormed() : value;
  });
}
