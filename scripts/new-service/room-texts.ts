import { wordsOf, type NewRoom } from './names.ts';

/** The texts of a room of the house's shape that works at once; the path is the one inside of the room. */
export function renderRoom(room: NewRoom): Record<string, string> {
  const topic = wordsOf(room.topic);
  return {
    'README.md': renderReadme(room),
    'tsconfig.json': tsconfig,
    'src/main.ts': renderMain(room),
    'src/index.ts': door,
    'src/config.ts': renderConfig(room),
    'src/ports.ts': renderPorts(room),
    'src/create-ports.ts': renderCreatePorts(room),
    'src/decide-interest.ts': decision,
    'src/decide-interest.test.ts': decisionTest,
    [`src/handle-${topic.kebab}.ts`]: renderHandler(room),
    'src/service.ts': renderService(room),
    'src/service.test.ts': renderServiceTest(room),
  };
}

function renderReadme({ name, topic }: NewRoom): string {
  const { upper } = wordsOf(name);
  return `# ${name}

## Does
Notes in the history of a run every \`${topic}\` that concerns the run as it stands.

## Listens
<!-- listens -->
<!-- /listens -->

## Publishes
<!-- publishes -->
<!-- /publishes -->

## Decides
\`decide-interest.ts\`: whether an event is still of interest. An event of an older generation never is.

## Settings
| variable | means | default |
|---|---|---|
| \`${upper}_ENABLED\` | whether the service acts on events | \`true\` |

## Fails like this
It has no effect outside of the store, so it fails only with the store: the job is tried again, and its note is written once.
`;
}

const tsconfig = `{
  "extends": "../../tsconfig.base.json",
  "compilerOptions": {
    "rootDir": "src",
    "outDir": "dist",
    "tsBuildInfoFile": "dist/.tsbuildinfo"
  },
  "include": ["src"],
  "exclude": ["**/*.test.ts"],
  "references": [
    { "path": "../../packages/backends" },
    { "path": "../../packages/contracts" },
    { "path": "../../packages/runtime" }
  ]
}
`;

const door = `export { settings, type Settings } from './config.ts';
export { createPorts } from './create-ports.ts';
export { createService } from './service.ts';
`;

function renderMain({ name }: NewRoom): string {
  return `import { openDistributed } from '@orchestra/backends/distributed';
import { runProcess } from '@orchestra/runtime';
import { loadConfig } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';

await runProcess({
  name: '${name}',
  env: process.env,
  loadConfig,
  openBackends: openDistributed,
  createService: (config) => createService(createPorts(config)),
});
`;
}

function renderConfig({ name }: NewRoom): string {
  const { upper } = wordsOf(name);
  return `import { parseEnv, runtimeEnv, type RuntimeEnv } from '@orchestra/runtime';
import { z } from 'zod';

/** What ${name} reads from the environment, beside what every service reads. */
export const settings = z.object({
  /** Whether the service acts on events. */
  ${upper}_ENABLED: z.stringbool().default(true),
});

export type Settings = z.output<typeof settings>;

/** Read by main.ts and nobody else. What a team sets stands in devops_orchestra.yaml, not here. */
export function loadConfig(env: NodeJS.ProcessEnv): RuntimeEnv & Settings {
  return parseEnv('${name}', runtimeEnv.extend(settings.shape), env);
}
`;
}

function renderCreatePorts({ name }: NewRoom): string {
  const { upper } = wordsOf(name);
  return `import type { Settings } from './config.ts';
import type { Ports } from './ports.ts';

/** The real ports of ${name}. */
export function createPorts(settings: Settings): Ports {
  return { isEnabled: () => settings.${upper}_ENABLED };
}
`;
}

function renderPorts({ name }: NewRoom): string {
  return `/** What ${name} needs from the world, in its own words. Adapters implement it, tests fake it. */
export interface Ports {
  /** Whether the operator lets the service act. */
  isEnabled(): boolean;
}
`;
}

const decision = `export interface Facts {
  enabled: boolean;
  eventGeneration: number;
  runGeneration: number;
}

type Decision = { kind: 'note'; reason: 'current' } | { kind: 'ignore'; reason: 'disabled' | 'older_generation' };

/** Whether an event is still of interest. */
export function decideInterest({ enabled, eventGeneration, runGeneration }: Facts): Decision {
  if (!enabled) return { kind: 'ignore', reason: 'disabled' };
  if (eventGeneration < runGeneration) return { kind: 'ignore', reason: 'older_generation' };
  return { kind: 'note', reason: 'current' };
}
`;

const decisionTest = `import { describe, expect, it } from '@jest/globals';
import { decideInterest, type Facts } from './decide-interest.ts';

const facts: Facts = { enabled: true, eventGeneration: 2, runGeneration: 2 };

describe('decideInterest', () => {
  it('notes an event of the run as it stands', () => {
    expect(decideInterest(facts)).toEqual({ kind: 'note', reason: 'current' });
  });

  it.each([
    { when: 'it is switched off', change: { enabled: false }, reason: 'disabled' },
    { when: 'the run was retried since', change: { eventGeneration: 1 }, reason: 'older_generation' },
  ])('ignores an event when $when', ({ change, reason }) => {
    expect(decideInterest({ ...facts, ...change })).toEqual({ kind: 'ignore', reason });
  });
});
`;

function renderHandler({ name, topic }: NewRoom): string {
  return `import type { Received } from '@orchestra/contracts';
import type { JobContext, Result } from '@orchestra/runtime';
import { decideInterest } from './decide-interest.ts';
import type { Ports } from './ports.ts';

/** Gather, decide, perform, report: the note is part of the job's last step, so it is written once. */
export async function handle${wordsOf(topic).pascal}(
  event: Received<'${topic}'>,
  context: JobContext<'${name}'>,
  ports: Ports,
): Promise<Result<'${name}'>> {
  const { generation: runGeneration } = context.run;
  const facts = { enabled: ports.isEnabled(), eventGeneration: event.generation, runGeneration };
  const decision = decideInterest(facts);
  context.log.info({ ...decision }, 'interest decided');

  const decided = decision.kind === 'note' ? [{ what: '${topic}', reason: decision.reason, facts }] : [];
  return { kind: 'end', status: null, events: [], decided };
}
`;
}

function renderService({ name, topic }: NewRoom): string {
  const { pascal, kebab } = wordsOf(topic);
  return `import { defineService, type Service } from '@orchestra/runtime';
import { handle${pascal} } from './handle-${kebab}.ts';
import type { Ports } from './ports.ts';

export function createService(ports: Ports): Service<'${name}'> {
  return defineService({
    name: '${name}',
    on: {
      ${topic}: { kind: 'reaction', handle: (event, context) => handle${pascal}(event, context, ports) },
    },
  });
}
`;
}

function renderServiceTest({ name, topic }: NewRoom): string {
  return `import { describe, expect, it } from '@jest/globals';
import { arbitraryPayload, receive } from '@orchestra/testkit';
import { assert, asyncProperty } from 'fast-check';
import { createService } from './service.ts';

const anyPayload = arbitraryPayload('${topic}');

describe('the ${name} service', () => {
  it('notes whatever ${topic} says, and publishes nothing', async () => {
    const service = createService({ isEnabled: () => true });

    await assert(
      asyncProperty(anyPayload, async (data) => {
        const result = await receive(service, { topic: '${topic}', data });

        expect(result).toMatchObject({ status: null, events: [], decided: [{ reason: 'current' }] });
      }),
    );
  });

  it('notes nothing when it is switched off', async () => {
    const service = createService({ isEnabled: () => false });

    await assert(
      asyncProperty(anyPayload, async (data) => {
        expect(await receive(service, { topic: '${topic}', data })).toMatchObject({ events: [], decided: [] });
      }),
    );
  });
});
`;
}
