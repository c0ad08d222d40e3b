import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { access, chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { packFolder } from '../archive/index.ts';
import { createWorkbench, toWorkbenchOptions, workbenchEnv, type Workbench } from './index.ts';

const signal = AbortSignal.timeout(50_000);
let parent: string;
let source: Buffer;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'workbench-'));
  await writeFile(join(parent, 'greet.js'), 'console.log("hello from", process.cwd())');
  source = await buffer(packFolder(parent, { maxBytes: 1_000_000 }));
  await rm(join(parent, 'greet.js'));
});
afterEach(async () => rm(parent, { recursive: true, force: true }));

function create(change: Record<string, string> = {}): Workbench {
  const env = { PATH: process.env['PATH'], WORKSPACES_DIR: join(parent, 'workspaces'), ...change };
  return createWorkbench(toWorkbenchOptions(workbenchEnv.parse(env)));
}

describe('createWorkbench', () => {
  // The parent made by mkdtemp is 0700: the user inside could not pass it.
  beforeEach(async () => chmod(parent, 0o711));

  it.each(['bubblewrap', 'process'])('runs what was unpacked, and packs what was made, with %s', async (sandbox) => {
    const bench = await create({ SANDBOX: sandbox }).open([Readable.from([source])], signal);

    const ran = await bench.run({ argv: ['sh', '-c', 'node greet.js > said'], timeoutMs: 10_000, signal });
    const said = await bench.read('said', 1_000);
    const archive = await buffer(bench.pack({ paths: ['said'], maxBytes: 1_000 }));
    await bench.close();

    expect(ran).toMatchObject({ outcome: 'exited', exitCode: 0 });
    expect(said.toString()).toBe(`hello from ${bench.insidePath}\n`);
    expect(archive.length).toBeGreaterThan(20);
    await expect(access(bench.path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('unpacks a later archive over an earlier one', async () => {
    await writeFile(join(parent, 'greet.js'), 'newer');
    const newer = packFolder(parent, { paths: ['greet.js'], maxBytes: 1_000_000 });

    const bench = await create().open([Readable.from([source]), newer], signal);

    expect((await bench.read('greet.js', 100)).toString()).toBe('newer');
    await bench.close();
  });

  it('leaves no workspace behind when the archive is no archive', async () => {
    await expect(create().open([Readable.from(['nonsense'])], signal)).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
    });

    expect(await readdir(join(parent, 'workspaces'))).toEqual([]);
  });

  it('looks and reads only inside, also after the repository made links', async () => {
    const bench = await create().open([Readable.from([source])], signal);
    await bench.run({ argv: ['ln', '-s', '/etc/passwd', 'stolen'], timeoutMs: 10_000, signal });

    expect([await bench.has('greet.js'), await bench.has('stolen'), await bench.has('../x')]).toEqual([
      true,
      false,
      false,
    ]);
    await expect(bench.read('stolen', 10_000)).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
    await bench.close();
  });

  it('removes what a repository left, and of a link only the link', async () => {
    const bench = await create().open([Readable.from([source])], signal);
    const script = 'mkdir old; touch old/file; ln -s "$PWD/greet.js" link; ln -s nowhere dead; ln -s /etc out';
    await bench.run({ argv: ['sh', '-c', script], timeoutMs: 10_000, signal });

    for (const path of ['old', 'link', 'dead', 'never', 'never/there']) await bench.remove(path);
    const left = await readdir(bench.path);

    expect(left.toSorted()).toEqual(['greet.js', 'out']);
    await expect(bench.remove('out/passwd')).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
    await expect(bench.remove('.')).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
    await bench.close();
  });

  it.each([
    [{ SANDBOX: 'bubblewrap' }, []],
    [{ SANDBOX: 'bubblewrap', SANDBOX_NETWORK: 'host' }, ['network_open']],
    [{ SANDBOX: 'process', SANDBOX_NETWORK: 'host' }, ['unsandboxed']],
  ])('notes for %j: %j', (change, notes) => {
    expect(create(change).notes).toEqual(notes);
  });
});
