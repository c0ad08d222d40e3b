import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseControl, type Control } from './parse-answer.ts';
import { readProcess } from './supervisor/process-stat.ts';

/** The control data of a supervisor that lives, or of one that others keep alive, or null. */
export function findControl(folder: string): Control | null {
  const file = join(folder, 'control.json');
  if (!existsSync(file)) return null;
  const control = parseControl(readFileSync(file, 'utf8'));
  // The processes of another container cannot be seen from here.
  if (control === null || control.isKept) return control;
  return readProcess(control.pid)?.startTicks === control.startTicks ? control : null;
}
