import { isTopic, topics } from '@orchestra/contracts';
import type { Database } from '../database.ts';

const trim = `DELETE FROM bus_records WHERE topic = ?1 AND at < ?2
  AND position <= (SELECT min(position) FROM bus_cursors WHERE topic = ?1)`;

/** Removes old records behind the slowest group; a topic that a rebuild needs whole keeps all of them. */
export function trimRecords(database: Database, topic: string, keepMs: number): void {
  if (isTopic(topic) && topics[topic].keptForever) return;
  database.run(trim, [topic, database.nowMs() - keepMs]);
}
