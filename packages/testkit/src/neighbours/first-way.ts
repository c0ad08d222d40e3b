import { OrchestraError } from '@orchestra/contracts';
import { foreignNeighbour, type Neighbour, type NeighbourOptions } from './neighbour.ts';

/** What a neighbour is called, where its address may stand, and how it is started. */
export interface Ways {
  name: string;
  variable: string;
  docker: (settings: Record<string, string>) => Promise<Neighbour>;
  local: (settings: Record<string, string>) => Promise<Neighbour>;
}

/**
 * Comes by a neighbour in the first way that works: address in the environment, Docker, local program.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE`, not retriable, naming the three ways and why each did not work
 */
export async function startByFirstWay(ways: Ways, options: NeighbourOptions): Promise<Neighbour> {
  const { fresh = false, settings = {} } = options;
  const given = process.env[ways.variable] ?? '';
  if (given !== '' && !fresh) return foreignNeighbour(given);

  const reasons = [given === '' ? `${ways.variable} is not set` : 'this test needs a server of its own'];
  for (const start of [ways.docker, ways.local]) {
    try {
      return await start(settings);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', describeWays(ways.name, reasons));
}

function describeWays(name: string, [environment, docker, local]: string[]): string {
  return [
    `${name} can be had in none of the three ways:`,
    `  1. its address in the environment: ${environment}`,
    `  2. Docker: ${docker}`,
    `  3. a local program: ${local}`,
  ].join('\n');
}
