import { z } from 'zod';
import { wordsOf } from './names.ts';

/** Adds a consumer to a topic of topics.yaml, keeping every comment. */
export function addConsumer(text: string, topic: string, name: string): string {
  const list = new RegExp(`^(${topic}:\\n(?:  .*\\n)*?  consumers: \\[)([^\\]]*)\\]`, 'm');
  return replaceOnce(text, list, (_all, start, names) => `${start}${names}, ${name}]`);
}

const build = z.looseObject({ references: z.array(z.object({ path: z.string() })) });

/** Adds a room to the references of a tsconfig.json, behind the last service. */
export function addReference(text: string, name: string): string {
  const { references, ...rest } = build.parse(JSON.parse(text));
  const behind = references.findLastIndex(({ path }) => servicePath.test(path));
  const path = (references[behind]?.path ?? '').replace(servicePath, `$1${name}`);
  const extended = references.toSpliced(behind + 1, 0, { path });
  return `${JSON.stringify({ ...rest, references: extended }, null, 2)}\n`;
}

const servicePath = /^((?:\.\.\/)?services\/).*$/;

/** Adds a service to compose.yaml, behind the last one: the same image, settings and limits as the others. */
export function addComposeService(text: string, name: string): string {
  const service = [
    `  ${name}:`,
    '    <<: *service',
    `    build: { context: ., dockerfile: deploy/Dockerfile, args: { SERVICE: ${name} } }`,
    `    image: devops-orchestra/${name}:0.1.0`,
    '    environment: *environment',
    "    volumes: ['artifacts:/var/lib/orchestra/artifacts', 'logs:/var/lib/orchestra/logs']",
    '    networks: [backbone]',
  ];
  return replaceOnce(
    text,
    /^(services:\n(?:(?: .*)?\n|#.*\n)*)/m,
    (all) => `${all.trimEnd()}\n\n${service.join('\n')}\n\n`,
  );
}

/** Adds a service to the values of the chart, behind the last one. */
export function addChartService(text: string, name: string): string {
  const line = `  ${name}: { replicas: 1, memory: 512Mi, env: {} }`;
  return replaceOnce(text, /^(services:\n(?: .*\n)*)/m, (all) => `${all}${line}\n`);
}

/** Lets the command line start a service in the embedded form, behind the last one. */
export function addEmbedded(text: string, name: string): string {
  const { camel } = wordsOf(name);
  const start = `${camel}.createService(${camel}.createPorts(parseEnv('${name}', ${camel}.settings, env)))`;
  const imported = /^(import \* as \w+ from '@orchestra\/[a-z-]+';\n)(?!import \* as)/m;
  const configured = /^( +configure\('[a-z-]+'[^]*?\n)(?= +\];)/m;
  const known = replaceOnce(text, imported, (all) => `${all}import * as ${camel} from '@orchestra/${name}';\n`);
  return replaceOnce(known, configured, (all) => `${all}    configure('${name}', () => ${start}),\n`);
}

/** Lets the command line replay recorded events to a service, behind the last one. */
export function addReplay(text: string, name: string): string {
  const line = `  '${name}': (world, given) => replay(${wordsOf(name).camel}.createService(world.ports()), world, given),`;
  return addToTable(text, name, { table: /^(const replays: [^]*?\n)(?=};)/m, line });
}

/** Lets the test of compose.yaml know what a service demands, behind the last one. */
export function addSettings(text: string, name: string): string {
  const line = `  '${name}': ${wordsOf(name).camel}.settings,`;
  return addToTable(text, name, { table: /^(const settings: [^]*?\n)(?=};)/m, line });
}

/** Lets the simulation start a service with the ports that a new one has, behind the last one. */
export function addSimulated(text: string, name: string): string {
  const line = `    '${name}': starter(() => ${wordsOf(name).camel}.createService({ isEnabled: () => true })),`;
  return addToTable(text, name, { table: /^( {2}return {\n {4}gitops: [^]*?\n)(?= {2}};)/m, line });
}

interface Row {
  /** All of a table of services but its last line. */
  table: RegExp;
  line: string;
}

function addToTable(text: string, name: string, { table, line }: Row): string {
  const { camel } = wordsOf(name);
  const known = replaceOnce(
    text,
    /^(import \* as test .*\n)/m,
    (all) => `${all}import * as ${camel} from '@orchestra/${name}';\n`,
  );
  return replaceOnce(known, table, (all) => `${all}${line}\n`);
}

const manifest = z.looseObject({ dependencies: z.record(z.string(), z.string()) });

/** Adds a room to the dependencies of a package.json. */
export function addDependency(text: string, name: string): string {
  const { dependencies, ...rest } = manifest.parse(JSON.parse(text));
  const all = Object.entries({ ...dependencies, [`@orchestra/${name}`]: 'workspace:*' });
  const sorted = Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  // In the place where it stood, so that the change is one line.
  const written = Object.keys(JSON.parse(text)).map((key) => [key, key === 'dependencies' ? sorted : rest[key]]);
  return `${JSON.stringify(Object.fromEntries(written), null, 2)}\n`;
}

function replaceOnce(text: string, pattern: RegExp, replacer: (...parts: string[]) => string): string {
  if (!pattern.test(text)) throw new TypeError(`nothing to extend: ${pattern.source}`);
  return text.replace(pattern, replacer);
}
