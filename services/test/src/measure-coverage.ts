import { readCoverage } from '@orchestra/adapters/reports';
import type { Bench } from '@orchestra/adapters/workbench';
import { OrchestraError } from '@orchestra/contracts';

/** `problem`: why there is no number although one is asked for. */
interface Coverage {
  linePercent: number | null;
  problem: string | null;
}

const maxCoverageBytes = 16 * 1024 ** 2;

/** Reads the share of covered lines; null: the file asks for none. What cannot be read is said, and is no verdict. */
export async function measureCoverage(path: string | null, bench: Bench): Promise<Coverage> {
  if (path === null) return { linePercent: null, problem: null };
  try {
    const read = readCoverage((await bench.read(path, maxCoverageBytes)).toString('utf8'));
    return read.ok ? { linePercent: read.value, problem: null } : unknown(`${path} cannot be read: ${read.reason}`);
  } catch (error) {
    if (!(error instanceof OrchestraError)) throw error;
    return unknown(error.message);
  }
}

function unknown(problem: string): Coverage {
  return { linePercent: null, problem: `The coverage is not known: ${problem}` };
}
