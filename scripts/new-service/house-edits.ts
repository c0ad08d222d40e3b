import { z } from 'zod';

/** Adds a consumer to a topic of topics.yaml, keeping every comment. */
export function addConsumer(text: string, topic: string, name: string): string {
  const list = new RegExp(`^(${topic}:\\n(?:  .*\\n)*?  consumers: \\[)([^\\]]*)\\]`, 'm');
  return replaceOnce(text, list, (_all, start, names) => `${start}${names}, ${name}]`);
}

const build = z.looseObject({ references: z.array(z.object({ path: z.string() })) });

/** Adds a room to the references of the root's tsconfig.json, behind the last service. */
export function addReference(text: string, name: string): string {
  const { references, ...rest } = build.parse(JSON.parse(text));
  const behind = references.findLastIndex(({ path }) => path.startsWith('services/')) + 1;
  const extended = references.toSpliced(behind, 0, { path: `services/${name}` });
  return `${JSON.stringify({ ...rest, references: extended }, null, 2)}\n`;
}

/** Adds a service to compose.yaml, behind the last one: the same image, settings and limits as the others. */
export function addComposeService(text: string, name: string): string {
  const service = [
    `  ${name}:`,
    '    <<: *service',
    `    build: { context: ., dockerfile: deploy/Dockerfile, args: { SERVICE: ${name} } }`,
    `    image: devops-orchestra/${name}`,
    '    environment: { <<: *environment }',
  ];
  return replaceOnce(
    text,
    /^(services:\n(?:(?: .*)?\n|#.*\n)*)/m,
    (all) => `${all.trimEnd()}\n\n${service.join('\n')}\n\n`,
  );
}

function replaceOnce(text: string, pattern: RegExp, replacer: (...parts: string[]) => string): string {
  if (!pattern.test(text)) throw new TypeError(`nothing to extend: ${pattern.source}`);
  return text.replace(pattern, replacer);
}
