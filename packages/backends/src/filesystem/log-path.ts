import { join } from 'node:path';
import { OrchestraError } from '@orchestra/contracts';
import type { LogKey } from '@orchestra/runtime';

/** The folder of a run's output, relative to the store's. */
export function folderOf(runId: string): string {
  return toName(runId);
}

/** The file of a key, relative to the store's folder. @throws OrchestraError `STORE_ARGUMENT_INVALID`, not retriable */
export function fileOf({ runId, unit, generation }: LogKey): string {
  if (!Number.isSafeInteger(generation) || generation < 0) throw invalid('generation');
  return join(toName(runId), `${toName(unit)}.${generation}.log`);
}

/** The key of a file in the folder of a run; null: it is none of this store's files. */
export function keyOf(runId: string, name: string): LogKey | null {
  const [, unit, generation] = /^([^.]+)\.([0-9]+)\.log$/.exec(name) ?? [];
  if (unit === undefined || generation === undefined) return null;
  return { runId, unit: decodeURIComponent(unit), generation: Number(generation) };
}

/** A name that stays inside of its folder, whatever the text is: neither a slash nor a dot is left in it. */
function toName(text: string): string {
  const name = encodeURIComponent(text).replaceAll('.', '%2E');
  if (name.length === 0 || name.length > 200) throw invalid('name');
  return name;
}

function invalid(what: string): OrchestraError {
  return new OrchestraError('STORE_ARGUMENT_INVALID', `The key of a log has no valid ${what}`);
}
