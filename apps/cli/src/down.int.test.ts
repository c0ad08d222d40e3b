import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createLocalTarget } from '@orchestra/adapters/local-target';
import { orchestra } from './fake-console.fixture.ts';

describe('orchestra down', () => {
  it('ends the supervisor of a data folder, and has nothing to do when it is repeated', async () => {
    await using data = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));
    const folder = join(data.path, 'target');
    const target = createLocalTarget({ folder, mode: 'auto', path: process.env['PATH'] ?? '' });
    await target.claim({ target: 'acme/shop/production/shop', epoch: 1, port: 0 });

    const down = await orchestra(['down', '--data', data.path]);

    expect(down).toMatchObject({ code: 0, progress: expect.stringContaining('have ended') });
    expect(await target.metrics('acme/shop/production/shop')).toBeNull();
    expect(await orchestra(['down', '--data', data.path])).toMatchObject({ code: 0 });
  });
});
