import { listServices, readOptional, readTopics, type Rule, type Tree, type TopicTable } from './tree.ts';

/** A page and the text it should have. */
export interface Page {
  path: string;
  text: string;
}

const reference = 'docs/reference/topics.md';

/** The topic tables in the READMEs and in the reference are those of topics.yaml. */
export const topicTables: Rule = (tree) => {
  const unmarked = listServices(tree).flatMap((name) => judgeMarkers(tree, name));
  const stale = renderPages(tree).filter(({ path, text }) => readOptional(tree, path) !== text);
  return [...unmarked, ...stale.map(({ path }) => `${path}: its topic tables are not up to date (npm run generate)`)];
};

/** The pages with topic tables as they should be; those that miss a marker are left as they are. */
export function renderPages(tree: Tree): Page[] {
  const topics = readTopics(tree);
  const readmes = listServices(tree).map((name) => ({ name, path: `services/${name}/README.md` }));
  const present = readmes.filter(({ path }) => tree.files.includes(path));
  const pages = present.map(({ name, path }) => ({ path, text: renderReadme(tree.read(path), topics, name) }));
  return [...pages, { path: reference, text: renderReference(topics) }];
}

function renderReadme(text: string, topics: TopicTable, name: string): string {
  const rows = Object.entries(topics);
  const listens = rows.filter(([, { consumers }]) => consumers.includes(name));
  const publishes = rows.filter(([, { publishers }]) => publishers.includes(name));
  const listened = listens.map(([topic, { publishers, says }]) => [`\`${topic}\``, publishers.join(', '), says]);
  const published = publishes.map(([topic, { consumers, says }]) => [`\`${topic}\``, consumers.join(', '), says]);
  const first = replaceMarked(text, 'listens', renderTable(['topic', 'from', 'says'], listened));
  return replaceMarked(first, 'publishes', renderTable(['topic', 'to', 'says'], published));
}

function renderReference(topics: TopicTable): string {
  const rows = Object.entries(topics).map(([topic, { says, publishers, consumers }]) => {
    return [`\`${topic}\``, says, publishers.join(', '), consumers.join(', ')];
  });
  const table = renderTable(['topic', 'says', 'published by', 'consumed by'], rows);
  return `<!-- Generated from schemas/topics.yaml by \`npm run generate\`. Do not edit. -->\n# Topics\n\n${table}\n`;
}

function renderTable(head: string[], rows: string[][]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

function judgeMarkers(tree: Tree, name: string): string[] {
  const path = `services/${name}/README.md`;
  const text = readOptional(tree, path);
  if (text === null) return [];
  const missing = ['listens', 'publishes'].filter((marker) => !markedPart(marker).test(text));
  return missing.map((marker) => `${path}: has no <!-- ${marker} --> … <!-- /${marker} --> for its topic table`);
}

function replaceMarked(text: string, marker: string, table: string): string {
  return text.replace(markedPart(marker), () => `<!-- ${marker} -->\n${table}\n<!-- /${marker} -->`);
}

function markedPart(marker: string): RegExp {
  return new RegExp(`<!-- ${marker} -->[^]*?<!-- /${marker} -->`);
}
