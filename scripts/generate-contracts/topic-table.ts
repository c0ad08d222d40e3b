import { z } from 'zod';

const topic = z.strictObject({
  says: z.string(),
  publishers: z.array(z.string()).min(1),
  consumers: z.array(z.string()).min(1),
  kept: z.literal('forever').optional(),
});

/** schemas/topics.yaml: who publishes and who consumes each topic. */
export const topicTable = z.record(z.string(), topic);

/** Renders the topic table as a constant from which the types of handlers and of publishable events follow. */
export function renderTopicTable(table: z.infer<typeof topicTable>): string {
  const lines = Object.entries(table).map(
    ([name, { says, publishers, consumers, kept }]) =>
      `  ${name}: ${JSON.stringify({ says, publishers, consumers, keptForever: kept === 'forever' })},`,
  );
  return `/** Who publishes and who consumes each topic. */\nexport const topics = {\n${lines.join('\n')}\n} as const;\n`;
}
