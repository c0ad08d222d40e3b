import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sloFileOf, withSloFile, type ParsedPipelineFile } from '@orchestra/contracts';

/**
 * Gives a pipeline file the objectives of the SLO file beside it, as a run does.
 *
 * @param file the path of the pipeline file; `-`: it came from the standard input, so nobody knows what lies beside it
 */
export async function readSloFile(parsed: ParsedPipelineFile, file: string): Promise<ParsedPipelineFile> {
  const path = sloFileOf(parsed);
  if (path === null || file === '-') return parsed;
  return withSloFile(parsed, await readFile(join(dirname(file), path), 'utf8').catch(() => null));
}
