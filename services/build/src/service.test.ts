import { describe, expect, it } from '@jest/globals';
import type { CodePush } from '@orchestra/contracts';
import { OrchestraError, type Ended, type Result } from '@orchestra/runtime';
import {
  aCodePush,
  aContext,
  anOperatorCommand,
  aPlan,
  createFakeWorkbench,
  createMemoryArtifacts,
  receive,
  type FakeBench,
} from '@orchestra/testkit';
import type { ImageEnd, ImageOrder, Ports } from './ports.ts';
import { createService } from './service.ts';

interface Given {
  bench?: FakeBench;
  image?: ImageEnd | null;
  sections?: string;
  push?: Partial<CodePush>;
}

async function given({ bench = {}, image = null, sections = '', push = {} }: Given) {
  const orders: ImageOrder[] = [];
  const output: string[] = [];
  const workbench = createFakeWorkbench(bench);
  const images: Ports['images'] = {
    isInstalled: async () => image !== null,
    build: async (order) => {
      orders.push(order);
      return image ?? { kind: 'failed', exitCode: 1 };
    },
  };
  const artifacts = createMemoryArtifacts();
  const { digest: snapshotDigest } = await artifacts.put(Buffer.from('snapshot'));
  const service = createService({ workbench, images });
  const data = aCodePush({ snapshotDigest, ...push });
  const around = { plan: aPlan(sections), artifacts, output };
  const result = await receive(service, { topic: 'code_push', data, ...around });
  return { result: ended(result), workbench, orders, output: output.join(''), artifacts, service };
}

function ended(result: Result<'build'> | null): Ended<'build'> {
  if (result?.kind !== 'end') throw new Error(`the job did not end: ${JSON.stringify(result)}`);
  return result;
}

const manifest = { 'package.json': JSON.stringify({ scripts: { build: 'make' } }) };

describe('the build service', () => {
  it('builds a snapshot and publishes the archive by digest', async () => {
    const { result, workbench, artifacts, output } = await given({
      bench: { files: manifest, answer: () => ({ stdout: 'built\n' }) },
    });

    const { digest = '' } = result.slice?.result?.artifacts[0] ?? {};
    expect(result).toMatchObject({
      status: 'success',
      events: [
        { topic: 'build_ready', data: { outcome: 'SUCCESS', artifacts: [{ kind: 'ARCHIVE', name: 'shop', digest }] } },
      ],
    });
    expect(await artifacts.has(digest)).toBe(true);
    expect(workbench.commands.map(({ argv }) => argv)).toEqual([['npm', 'run', 'build']]);
    expect(output).toBe('$ npm run build\nbuilt\n');
    expect(workbench.openCount).toBe(0);
  });

  it('tells what it decided, on which facts and why', async () => {
    const { result } = await given({ bench: { files: manifest, answer: () => ({}) } });

    expect(result.decided).toMatchObject([
      {
        what: 'build decided',
        reason: 'npm',
        facts: { kind: 'commands', commands: [['npm', 'run', 'build']], hasLockfile: false },
      },
      { what: 'build ended', reason: 'success', facts: { status: 'success' } },
    ]);
  });

  it('stops at the first command that fails, and publishes that it failed', async () => {
    const { result, workbench } = await given({
      sections: 'build: {command: [make, all], halt_on_failure: true}',
      bench: { files: manifest, answer: () => ({ exitCode: 2 }) },
    });

    expect(result).toMatchObject({
      status: 'failure',
      reason: 'command_failed',
      halt: 'build: command_failed',
      events: [{ data: { outcome: 'FAILURE', reason: 'command_failed', artifacts: [] } }],
    });
    expect(workbench.openCount).toBe(0);
  });

  it('does not halt the siblings unless the file says so', async () => {
    const { result } = await given({ bench: { files: manifest, answer: () => ({ exitCode: 2 }) } });

    expect(result.halt).toBeUndefined();
  });

  it('skips a push that was refused', async () => {
    const { result, workbench } = await given({
      push: { outcome: 'FAILURE', reason: 'file_invalid', snapshotDigest: null },
    });

    expect(result).toMatchObject({
      status: 'skipped',
      events: [{ data: { outcome: 'SKIPPED', reason: 'push_refused' } }],
    });
    expect(workbench.commands).toEqual([]);
  });

  it('takes an unknown outcome for no pass', async () => {
    const { result } = await given({ push: { outcome: 'UNRECOGNIZED' } });

    expect(result.status).toBe('skipped');
  });

  it('says that nothing is needed when builds are switched off', async () => {
    const { result } = await given({ sections: 'build: {enabled: false}' });

    expect(result).toMatchObject({ status: 'not_needed', events: [{ data: { outcome: 'NOT_NEEDED' } }] });
  });

  it('blames the repository for an output that is not there', async () => {
    const { result, workbench } = await given({ sections: 'build: {output: [dist]}', bench: { files: manifest } });

    expect(result).toMatchObject({ status: 'failure', reason: 'output_missing' });
    expect(workbench.openCount).toBe(0);
  });

  it('says in the run what its sandbox lacks', async () => {
    const { result } = await given({ bench: { files: manifest, notes: ['unsandboxed'] } });

    expect(result.notes).toEqual(['unsandboxed']);
  });

  it('publishes an image with its digest', async () => {
    const digest = `sha256:${'d'.repeat(64)}`;
    const { result, orders, workbench } = await given({
      sections: 'build: {tool: docker, image: registry.example.com/shop}',
      bench: { files: { Dockerfile: 'FROM scratch' } },
      image: { kind: 'built', digest, reference: `registry.example.com/shop@${digest}`, sizeBytes: 7 },
    });

    expect(result).toMatchObject({ status: 'success', events: [{ data: { artifacts: [{ kind: 'IMAGE', digest }] } }] });
    expect(orders).toMatchObject([
      { program: 'docker', image: 'registry.example.com/shop', dockerfile: '/host/workspace/Dockerfile' },
    ]);
    expect(workbench.commands).toEqual([]);
  });

  it.each<[string, ImageEnd | null, object]>([
    ['is not installed', null, { status: 'error', reason: 'tool_not_installed' }],
    ['fails', { kind: 'failed', exitCode: 1 }, { status: 'failure', reason: 'command_failed' }],
    ['takes too long', { kind: 'timed_out' }, { status: 'timed_out', reason: 'build_time_limit' }],
  ])('tells when docker %s', async (_how, image, expected) => {
    const bench = { files: { Dockerfile: 'FROM scratch' } };

    expect((await given({ sections: 'build: {tool: docker}', bench, image })).result).toMatchObject(expected);
  });

  it('leaves trouble of ours to the runtime, and no workspace behind', async () => {
    const bench: FakeBench = {
      files: manifest,
      answer: () => {
        throw new OrchestraError('SANDBOX_UNAVAILABLE', 'no namespace', { retriable: true });
      },
    };

    await expect(given({ bench })).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE', retriable: true });
  });

  it.each([
    ['error', 'build: command_failed'],
    ['cancelled', undefined],
    ['skipped', undefined],
  ] as const)('ends as %s with its event when the runtime says so', async (status, halt) => {
    const { service } = await given({});
    const { code_push: handler } = service.on;
    const plan = aPlan('build: {halt_on_failure: true}');
    const conclusion = { status, reason: 'command_failed', message: 'it did not go on' };
    if (handler.kind !== 'stage') throw new Error('code_push is no stage');

    const result = await handler.conclude(conclusion, anEvent(), aContext('build', { plan }));

    expect(result).toMatchObject({ status, events: [{ topic: 'build_ready', data: { artifacts: [] } }] });
    expect(result.halt).toBe(halt);
  });
});

describe('commands to the build service', () => {
  it('leaves those of others alone', async () => {
    const { service } = await given({});
    const { operator_command: handler } = service.on;

    expect(
      handler.kind === 'reaction' &&
        handler.concerns?.({ ...anEvent(), topic: 'operator_command', data: aCommand('deploy') }),
    ).toBe(false);
    expect(
      handler.kind === 'reaction' &&
        handler.concerns?.({ ...anEvent(), topic: 'operator_command', data: aCommand('build') }),
    ).toBe(true);
  });

  it('refuses what it does not understand, so that people see it', async () => {
    const { service } = await given({});

    const result = await receive(service, { topic: 'operator_command', data: aCommand('build') });

    expect(result).toMatchObject({ status: null, events: [], decided: [{ reason: 'not_understood' }] });
  });
});

function anEvent() {
  return {
    topic: 'code_push',
    id: 'event-1',
    runId: 'run-1',
    source: 'gitops',
    subject: 'gitops',
    generation: 1,
    hops: 1,
    causeId: null,
    time: new Date('2026-01-01T00:00:00Z'),
    data: aCodePush(),
  } as const;
}

function aCommand(addressee: string) {
  return anOperatorCommand({ action: 'PROMOTE', source: 'CLI', addressee, repository: null });
}
