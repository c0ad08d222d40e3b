import { findProgram } from '../process/index.ts';

const path = '/usr/local/bin:/usr/bin:/bin';

/** Finds tofu or terraform. A missing neighbour is an error that says how to get it, never a skipped test. */
export async function ensureTool(): Promise<string> {
  const program = (await findProgram('tofu', path)) ?? (await findProgram('terraform', path));
  if (program === null) {
    throw new Error('Neither tofu nor terraform is installed in /usr/local/bin or /usr/bin: install one of them');
  }
  return program;
}
