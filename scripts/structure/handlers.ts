import { listServices, readOptional, readTopics, type Rule, type Tree, type TopicTable } from './tree.ts';

/**
 * Topic, schema file, handler file and key of the handler carry one name. What the card in service.ts gives wholly to
 * the runtime needs no file: a topic that arms gates, is an input of one, makes the run due for rendering, or retries.
 */
export const handlers: Rule = (tree) => {
  const topics = readTopics(tree);
  const judged = listServices(tree).flatMap((name) => judgeService(tree, topics, name));
  return [...judgeSchemas(tree, topics), ...judged];
};

function judgeSchemas(tree: Tree, topics: TopicTable): string[] {
  const wanted = Object.keys(topics).map((topic) => `schemas/events/${topic}.avsc`);
  const found = tree.files.filter((path) => path.startsWith('schemas/events/'));
  const missing = wanted.filter((path) => !found.includes(path)).map((path) => `${path}: is missing`);
  const extra = found.filter((path) => !wanted.includes(path)).map((path) => `${path}: is no topic of topics.yaml`);
  return [...missing, ...extra];
}

function judgeService(tree: Tree, topics: TopicTable, name: string): string[] {
  const consumed = Object.keys(topics).filter((topic) => topics[topic]?.consumers.includes(name));
  const found = tree.files.filter((path) => path.startsWith(`services/${name}/src/`) && isHandler(path));
  const named = [...consumed, 'gate'];
  const extra = found.filter((path) => !named.some((topic) => path.endsWith(`/handle-${kebab(topic)}.ts`)));
  const missing = consumed.filter((topic) => !isHandled(tree, name, topic));
  return [
    ...extra.map((path) => `${path}: ${name} does not consume this topic`),
    ...missing.map((topic) => `services/${name}/src/handle-${kebab(topic)}.ts: is missing`),
  ];
}

function isHandled(tree: Tree, name: string, topic: string): boolean {
  if (tree.files.includes(`services/${name}/src/handle-${kebab(topic)}.ts`)) return true;
  const card = readOptional(tree, `services/${name}/src/service.ts`) ?? '';
  if (new RegExp(`\\b${topic}: obeyRetries\\(`).test(card)) return true;
  const entry = readEntry(card, topic);
  return entry !== null && !/kind: '(stage|reaction)'/.test(entry);
}

/** The entry of a topic on the card: from its opening brace to the one that closes it. */
function readEntry(card: string, topic: string): string | null {
  const start = card.search(new RegExp(`\\b${topic}: \\{`));
  if (start === -1) return null;
  let depth = 0;
  for (const brace of card.slice(start).matchAll(/[{}]/g)) {
    depth += brace[0] === '{' ? 1 : -1;
    if (depth === 0) return card.slice(start, start + brace.index);
  }
  return null;
}

function isHandler(path: string): boolean {
  return /\/handle-[a-z0-9-]+\.ts$/.test(path);
}

function kebab(topic: string): string {
  return topic.replaceAll('_', '-');
}
