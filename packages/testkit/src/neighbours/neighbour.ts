import { OrchestraError } from '@orchestra/contracts';

/** How a neighbour was come by; the order in which the ways are tried. */
export type Way = 'environment' | 'docker' | 'local';

/** A real server that tests talk to. */
export interface Neighbour {
  /** The address as the platform's settings take it: `host:port` for Kafka, a URL for the others. */
  readonly url: string;

  /** The process id of a local program; changes with a restart. Null: a container, or not ours. */
  readonly pid: number | null;

  readonly way: Way;

  /** Ends the server at once and removes its folder. Does nothing when called again, or when the server is not ours. */
  stop(): Promise<void>;

  /** Ends the server as a power cut would, and keeps its folder. @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when it is not ours */
  kill(): Promise<void>;

  /** Kills the server if it runs, and starts it again on the same port and folder; resolves when it answers. @throws as `kill` */
  restart(): Promise<void>;
}

/** Wishes about a neighbour. */
export interface NeighbourOptions {
  /** A server of the caller's own, never the one from the environment: for tests that kill it or set it up badly. */
  fresh?: boolean;

  /** Settings of the server in its own words, over those that every neighbour has. */
  settings?: Record<string, string>;
}

/** A server whose address came from the environment: it is used, never stopped. */
export function foreignNeighbour(url: string): Neighbour {
  async function refuse(): Promise<void> {
    throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', `${url} is not ours to kill: ask for a fresh one`);
  }
  return { url, pid: null, way: 'environment', stop: async () => {}, kill: refuse, restart: refuse };
}
