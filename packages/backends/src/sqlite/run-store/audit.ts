import { decodeHeaders } from '../decode.ts';
import { textOf } from '../row.ts';
import type { Step } from './step.ts';

export function writeAudit(step: Step, entry: Readonly<Record<string, string>>): void {
  step.db.run('INSERT INTO audit (entry) VALUES (?)', [JSON.stringify(entry)]);
}

/** Newest first. */
export function readAudit(step: Step, limit: number): Readonly<Record<string, string>>[] {
  const rows = step.db.all('SELECT entry FROM audit ORDER BY position DESC LIMIT ?', [limit]);
  return rows.map((row) => decodeHeaders(textOf(row, 'entry')));
}
