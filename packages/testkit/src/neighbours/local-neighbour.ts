import { rm } from 'node:fs/promises';
import type { Neighbour } from './neighbour.ts';
import type { Program } from './program.ts';

/** A local server: where it answers, what belongs to it, and how it is started. */
export interface LocalServer {
  url: string;
  folder: string;
  /** Called for the first start and for each restart; takes the folder as it finds it. */
  start: () => Promise<Program>;
}

/** Starts a local server as a neighbour. Servers are ended by SIGKILL: it is quick, and what they keep must bear it. */
export async function startLocalNeighbour({ url, folder, start }: LocalServer): Promise<Neighbour> {
  let program = await start();
  return {
    url,
    way: 'local',
    get pid() {
      return program.pid;
    },
    kill: () => program.end('SIGKILL'),
    async restart() {
      await program.end('SIGKILL');
      program = await start();
    },
    async stop() {
      await program.end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
