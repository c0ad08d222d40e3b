import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';

/** What the API answers to an order that it has kept. */
export interface Ordered {
  commandId: string;
  addressee: string;
}

interface PrintOrder {
  ordered: Ordered;
  json: boolean;
  /** Where to see what became of it. */
  look: string;
}

/** Prints the id of an order. It is kept, not yet done: the addressee decides, and the run's history says how. */
export function printOrder({ ordered, json, look }: PrintOrder, { print, say, finish }: Console): void {
  const { commandId, addressee } = ordered;
  print(json ? `${JSON.stringify(ordered)}\n` : `${commandId}\n`);
  say(`Kept for ${addressee}, which decides. See: ${look}`);
  finish(exitCodes.success);
}
