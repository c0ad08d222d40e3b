import { chmod, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startHttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';
import type { Check } from './check.ts';
import { checkDataFolder } from './check-data-folder.ts';
import { checkNeighbours } from './check-neighbours.ts';
import { checkNode } from './check-node.ts';
import { checkPlatform } from './check-platform.ts';
import { checkGit, checkImagePrograms, checkInfrastructurePrograms } from './check-programs.ts';
import { checkSandboxes } from './check-sandbox.ts';

/** A folder of programs that print a line and end with a code. */
async function programs(given: Readonly<Record<string, [line: string, code: number]>>) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));
  for (const [name, [line, code]] of Object.entries(given)) {
    await writeFile(join(folder.path, name), `#!/bin/sh\necho '${line}'\nexit ${code}\n`);
    await chmod(join(folder.path, name), 0o755);
  }
  return folder;
}

describe('checkNode', () => {
  it.each([
    ['24.0.0', 'ok'],
    ['26.1.0', 'ok'],
    ['22.9.0', 'broken'],
  ])('says of Node %s: %s', (version, state) => {
    expect(checkNode(version)).toMatchObject({ state, required: true, seen: version });
  });
});

describe('the checks of programs', () => {
  it('say what is there', async () => {
    await using folder = await programs({
      git: ['git version 2', 0],
      terraform: ['Terraform v1', 0],
      docker: ['engine 27', 0],
    });
    const environment = { PATH: folder.path };

    expect(await checkGit(environment)).toMatchObject({ state: 'ok', seen: 'git version 2' });
    expect(await checkInfrastructurePrograms(environment)).toMatchObject({ state: 'ok', seen: 'Terraform v1' });
    expect(await checkImagePrograms(environment)).toMatchObject([
      { state: 'ok', seen: 'engine 27' },
      { state: 'absent' },
    ]);
  });

  it('say what it means that they are not there; only git is required', async () => {
    await using folder = await programs({});
    const environment = { PATH: folder.path };

    const git = await checkGit(environment);
    const others = [await checkInfrastructurePrograms(environment), ...(await checkImagePrograms(environment))];

    expect(git).toMatchObject({ state: 'absent', required: true, means: expect.any(String) });
    for (const check of others)
      expect(check).toMatchObject({ state: 'absent', required: false, means: expect.any(String) });
  });

  it('tell docker without an engine apart', async () => {
    await using folder = await programs({ docker: ['no engine', 1] });

    expect(await checkImagePrograms({ PATH: folder.path })).toMatchObject([{ name: 'docker', state: 'broken' }, {}]);
  });
});

describe('checkSandboxes', () => {
  it.each([
    [undefined, true],
    ['bubblewrap', true],
    ['auto', false],
    ['process', false],
  ])('without bubblewrap, where the setting is %s: required is %s', async (mode, required) => {
    const broken = { state: 'broken', means: expect.any(String) };

    expect(await checkSandboxes({ PATH: '/nowhere', SANDBOX: mode })).toMatchObject([
      { ...broken, name: 'sandbox of steps', required },
      { ...broken, name: 'sandbox of releases', required: true },
    ]);
    expect(await checkSandboxes({ PATH: '/nowhere', LOCAL_TARGET_SANDBOX: mode })).toMatchObject([
      { ...broken, required: true },
      { ...broken, required },
    ]);
  });
});

describe('checkDataFolder', () => {
  it('accepts a folder that is there, and one that can be made', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));

    expect(await checkDataFolder(folder.path)).toMatchObject({ state: 'ok', seen: folder.path });
    expect(await checkDataFolder(join(folder.path, 'a/b'))).toMatchObject({
      state: 'ok',
      seen: expect.stringContaining('makes it'),
    });
  });

  it('refuses a file', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));
    await writeFile(join(folder.path, 'file'), '');

    expect(await checkDataFolder(join(folder.path, 'file'))).toMatchObject({ state: 'broken', required: true });
  });
});

describe('checkPlatform', () => {
  it.each([
    { answer: { status: 200, body: { ready: true, problems: [] } }, check: { state: 'ok' } },
    {
      answer: { status: 503, body: { ready: false, problems: ['build: no bus'] } },
      check: { state: 'broken', required: true, seen: expect.stringContaining('build: no bus') },
    },
  ])('reads $answer.status of /readyz', async ({ answer, check }) => {
    const server = await startHttpFake(() => answer);

    const seen = await checkPlatform({ environment: { ORCHESTRA_URL: `${server.url}/` }, folder: '/nowhere' });
    await server.close();

    expect(seen).toMatchObject(check);
    expect(server.seen).toMatchObject([{ path: '/readyz' }]);
  });

  it('requires none where none is named, and the one that is named', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));
    const none = await checkPlatform({ environment: {}, folder: folder.path });
    await writeFile(join(folder.path, 'address.json'), JSON.stringify({ url: 'http://127.0.0.1:1', pid: 1 }));
    const gone = await checkPlatform({ environment: {}, folder: folder.path });

    expect(none).toMatchObject({ state: 'absent', required: false });
    expect(gone).toMatchObject({ state: 'broken', required: true });
  });
});

describe('checkNeighbours', () => {
  it('requires none that the environment does not name', async () => {
    const checks = await checkNeighbours({});

    expect(checks.map(({ name, state, required }) => [name, state, required])).toEqual([
      ['kafka', 'absent', false],
      ['schema registry', 'absent', false],
      ['redis', 'absent', false],
    ]);
  });

  it('says that those do not answer that the environment names', async () => {
    const checks = await checkNeighbours({
      KAFKA_BROKERS: '127.0.0.1:1',
      SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1',
      REDIS_URL: 'redis://127.0.0.1:1',
    });

    for (const check of checks) expect(check).toMatchObject({ state: 'broken', required: true });
  });
});

describe('orchestra doctor', () => {
  it('ends with 1 when something required is missing, after saying what', async () => {
    const ran = await orchestra(['doctor', '--data', '/nowhere'], { PATH: '/nowhere' });

    expect(ran.code).toBe(1);
    expect(ran.data).toMatch(/^git +missing +not found; no commit can be fetched$/m);
    expect(ran.data).toMatch(/^buildah +absent /m);
    expect(ran.progress).toContain('required is missing');
  });

  it('ends with 0 when only what is optional is missing, and prints all checks as one JSON document', async () => {
    await using folder = await programs({ git: ['git version 2', 0] });

    const ran = await orchestra(['doctor', '--data', folder.path, '--json'], {
      PATH: folder.path,
      SANDBOX: 'auto',
      LOCAL_TARGET_SANDBOX: 'auto',
    });

    const { healthy, checks }: { healthy: boolean; checks: Check[] } = JSON.parse(ran.data);
    expect(ran.code).toBe(0);
    expect(healthy).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual([
      'node',
      'git',
      'sandbox of steps',
      'sandbox of releases',
      'terraform, tofu',
      'docker',
      'buildah',
      'data folder',
      'platform',
      'kafka',
      'schema registry',
      'redis',
      'kubernetes',
    ]);
  });
});
