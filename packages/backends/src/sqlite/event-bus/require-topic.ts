import { OrchestraError } from '@orchestra/contracts';
import type { Database } from '../database.ts';

/** @throws OrchestraError `TOPIC_MISSING`, not retriable */
export function requireTopic(database: Database, topic: string): void {
  if (database.get('SELECT 1 FROM bus_topics WHERE topic = ?', [topic]) !== null) return;
  throw new OrchestraError('TOPIC_MISSING', `Topic ${topic} does not exist`);
}
