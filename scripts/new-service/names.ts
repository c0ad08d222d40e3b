/** A room to make: the service and the topic that it listens to first. */
export interface NewRoom {
  name: string;
  topic: string;
}

/** The words that a name becomes: `cost-report` is CostReport, costReport and COST_REPORT. */
export function wordsOf(name: string): { pascal: string; camel: string; upper: string; kebab: string } {
  const pascal = name
    .split(/[-_]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
  const camel = pascal.slice(0, 1).toLowerCase() + pascal.slice(1);
  return { pascal, camel, upper: name.toUpperCase().replaceAll('-', '_'), kebab: name.replaceAll('_', '-') };
}

/** What keeps a room from being made, in whole sentences; empty: nothing. */
export function judgeNewRoom({ name, topic }: NewRoom, known: { services: string[]; topics: string[] }): string[] {
  const problems: string[] = [];
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) problems.push(`"${name}" is no name: lower case words, joined by hyphens`);
  if (known.services.includes(name)) problems.push(`there is a service ${name} already`);
  if (!known.topics.includes(topic)) problems.push(`"${topic}" is no topic; there are ${known.topics.join(', ')}`);
  return problems;
}
