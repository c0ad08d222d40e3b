import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Effect, PostedMessage, SlackMessage } from '@orchestra/testkit';

/** What was done to the targets of a platform, as the supervisor of the local target wrote it down. */
export async function readEffects(data: string): Promise<Effect[]> {
  const text = await readFile(join(data, 'target/logs/moves.log'), 'utf8').catch(absentIsEmpty);
  const moves = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): LoggedMove => JSON.parse(line));
  return moves.filter(({ refused }) => refused === null).map(effectOf);
}

/** The messages in the channels, as people see them. */
export function messagesIn(shown: readonly SlackMessage[]): PostedMessage[] {
  return shown.map(({ channel, ts, thread, text, metadata }) => {
    const named = metadata?.event_payload['key'];
    const key = typeof named === 'string' ? named : ts;
    const at = new Date(Number(ts) * 1000).toISOString();
    return { channel, ts, thread, key, text, run: key.split(' ')[0] ?? null, at };
  });
}

interface LoggedMove {
  at: string;
  kind: 'claim' | 'ensure' | 'weights' | 'stop';
  target: string;
  epoch: number;
  release: string | null;
  processes: number | null;
  weights: Record<string, number> | null;
  changed: boolean;
  refused: string | null;
}

const kinds = { claim: 'claim', ensure: 'deploy_step', weights: 'deploy_step', stop: 'retire' } as const;

// Whose it is stands in the events: the target knows epochs only.
function effectOf({ kind, at, target, epoch, release, processes, weights, changed }: LoggedMove): Effect {
  const whose = { run: null, unit: null, generation: null, by: 'the local target' };
  const shares = Object.entries(weights ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const key = [kind, release, processes, ...shares.flat()].filter((part) => part !== null).join(' ');
  const brought = release ?? shares.findLast(([, share]) => share > 0)?.[0] ?? null;
  return { ...whose, kind: kinds[kind], key, target, epoch, release: brought, weights, changed, at };
}

function absentIsEmpty(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
}
