import { expect, it } from '@jest/globals';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, defaultLimits, placeForSteps } from './index.ts';

it('lets a step without walls read tools that stand where only we can', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'sandbox-place-'));
  await using workspace = await mkdtempDisposable(join(tmpdir(), 'sandbox-place-'));
  for (const name of ['tool', 'part']) {
    await mkdir(join(folder.path, name));
    await writeFile(join(folder.path, name, 'file'), `${name}\n`);
  }

  const [tool = '', part = ''] = placeForSteps([
    { from: join(folder.path, 'tool'), to: '/opt/place/node_modules/tool' },
    { from: join(folder.path, 'part'), to: '/opt/place/node_modules/part' },
  ]);
  const ran = await createSandbox({ mode: 'process', path: process.env['PATH'] ?? '' }).run({
    argv: ['cat', join(tool, 'file'), join(part, 'file'), join(tool, '../part/file')],
    workspace: workspace.path,
    limits: defaultLimits,
    network: false,
  });

  expect(ran).toMatchObject({ exitCode: 0, stdout: 'tool\npart\npart\n' });
});
