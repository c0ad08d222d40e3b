import { readFile } from 'node:fs/promises';
import { FlagdCore } from '@openfeature/flagd-core';

/** What users get of a file of flagd. */
export interface Flagd {
  knows(flag: string): boolean;
  /** Whether a flag is on for a user; null: one without a targeting key. A flag that nobody knows is off. */
  isOn(flag: string, user: string | null): boolean;
}

/**
 * Gives a file to the engine of flagd itself. An absent file has no flags.
 *
 * @throws Error when the file does not fit the schemas of flagd
 * @see flagd documentation, "Flag definitions"
 */
export async function readFlagdFile(path: string): Promise<Flagd> {
  const complaints: string[] = [];
  const note = (...said: unknown[]) => complaints.push(said.join(' '));
  const flagd = new FlagdCore(undefined, { error: note, warn: note, info: () => {}, debug: note });
  flagd.setConfigurations(await readFile(path, 'utf8').catch(absentIsEmpty));
  if (complaints.length > 0) throw new Error(complaints.join('; '));
  return {
    knows: (flag) => flagd.getFlag(flag) !== undefined,
    isOn: (flag, user) =>
      flagd.resolveBooleanEvaluation(flag, false, user === null ? {} : { targetingKey: user }).value,
  };
}

function absentIsEmpty(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '{"flags":{}}';
  throw error;
}
