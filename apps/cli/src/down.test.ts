import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { orchestra } from './fake-console.fixture.ts';

describe('orchestra down', () => {
  it('has nothing to do where nothing was released', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));

    const ran = await orchestra(['down', '--data', folder.path, '--json']);

    expect(ran).toMatchObject({ code: 0, progress: expect.stringContaining('has no releases') });
    expect(JSON.parse(ran.data)).toEqual({ target: join(folder.path, 'target'), ended: false });
  });

  it('refuses while the platform runs, which would bring the releases back', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));
    await writeFile(join(folder.path, 'address.json'), JSON.stringify({ url: 'http://127.0.0.1:1', pid: process.pid }));

    const ran = await orchestra(['down', '--data', folder.path]);

    expect(ran).toMatchObject({ code: 1, progress: expect.stringContaining(`process ${process.pid}`) });
  });

  it('takes an address for left over whose process has ended', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));
    // Above the largest pid that Linux gives.
    await writeFile(join(folder.path, 'address.json'), JSON.stringify({ url: 'http://127.0.0.1:1', pid: 4_194_305 }));

    expect((await orchestra(['down', '--data', folder.path])).code).toBe(0);
  });

  it('says that there is no such folder', async () => {
    expect(await orchestra(['down', '--data', '/nowhere/at-all'])).toMatchObject({
      code: 1,
      progress: expect.stringContaining('no data folder'),
    });
  });
});
