import { OrchestraError } from '@orchestra/contracts';
import type { OutboxRecord } from '@orchestra/runtime';
import { decodeHeaders } from '../decode.ts';
import { bytesOf, numberOf, textOf } from '../row.ts';
import type { Step } from './step.ts';

const take = `INSERT INTO relays VALUES (?1, ?2, ?3)
  ON CONFLICT DO UPDATE SET owner = ?2, until = ?3 WHERE owner = ?2 OR until <= ?4`;

/** Gives one owner the right to publish the outbox of a service. */
export function takeRelay(step: Step, service: string, { owner, ms }: { owner: string; ms: number }): boolean {
  return step.db.run(take, [service, owner, step.now + ms, step.now]) > 0;
}

/** The oldest records that are not yet acknowledged. */
export function readOutbox(step: Step, service: string, limit: number): { position: string; record: OutboxRecord }[] {
  const rows = step.db.poll('SELECT * FROM outbox WHERE service = ? ORDER BY position LIMIT ?', [service, limit]);
  return rows.map((row) => ({
    position: String(numberOf(row, 'position')),
    record: {
      id: textOf(row, 'id'),
      topic: textOf(row, 'topic'),
      key: textOf(row, 'key'),
      value: bytesOf(row, 'value'),
      headers: decodeHeaders(textOf(row, 'headers')),
    },
  }));
}

/** Forgets records that are published. A position that `readOutbox` never gave is an argument of somebody else. */
export function acknowledge(step: Step, service: string, positions: readonly string[]): void {
  if (!positions.every((position) => /^[0-9]{1,15}$/.test(position))) {
    throw new OrchestraError('STORE_ARGUMENT_INVALID', 'acknowledge: positions must be those that readOutbox gave');
  }
  for (const position of positions) {
    step.db.run('DELETE FROM outbox WHERE service = ? AND position = ?', [service, Number(position)]);
  }
}
