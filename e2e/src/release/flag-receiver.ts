import { json } from 'node:stream/consumers';
import { z } from 'zod';
import type { ReleaseWorld } from './release-world.ts';
import { startServer } from './start-server.ts';

/** What was asked of a receiver of flags, and how the target was at that time. */
export interface ReceivedMove {
  flag: string;
  percent: number;
  /** The shares of the traffic of its releases, in percent. */
  shares: Readonly<Record<string, number>>;
  /** How often the target had been changed. */
  changes: number;
}

export interface FlagReceiver {
  url: string;
  moves: ReceivedMove[];
  /** Where it looks when it is asked; before that it does not look. */
  look: { at: ReleaseWorld | null };
  close(): Promise<void>;
}

const posted = z.object({ flag: z.string(), percent: z.number() });

/** Starts a keeper of flags that looks at the target before it answers: nothing goes on meanwhile. */
export async function startFlagReceiver(): Promise<FlagReceiver> {
  const moves: ReceivedMove[] = [];
  const look: FlagReceiver['look'] = { at: null };
  const server = await startServer((request, response) => {
    void json(request).then(async (body) => {
      const { flag, percent } = posted.parse(body);
      const changes = (await look.at?.changes()) ?? [];
      const shares = changes.findLast(({ weights }) => weights !== null)?.weights ?? {};
      moves.push({ flag, percent, shares, changes: changes.length });
      response.end();
    });
  });
  return { ...server, moves, look };
}
