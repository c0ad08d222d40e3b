import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCodeOf } from '@orchestra/runtime/errors';
import { parseControl, type Control } from './parse-answer.ts';
import { readProcess } from './supervisor/process-stat.ts';

/** The control data of a supervisor that lives, or of one that others keep alive, or null. */
export function findControl(folder: string): Control | null {
  const text = readControl(join(folder, 'control.json'));
  const control = text === null ? null : parseControl(text);
  // The processes of another container cannot be seen from here.
  if (control === null || control.isKept) return control;
  return readProcess(control.pid)?.startTicks === control.startTicks ? control : null;
}

// A supervisor that ends takes its file away at any moment.
function readControl(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
