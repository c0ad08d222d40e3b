import { eventually, type Eventually } from '@orchestra/testkit';

const pauseMs = 200;

/** As `eventually`, at a pace that leaves the machine to what is looked at: each look is answered by several services. */
export function lookUntil<T>(what: Eventually<T>): Promise<T> {
  return eventually({ pauseMs, ...what });
}
