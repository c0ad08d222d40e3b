import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkPatch } from './check-patch.ts';

let folder: string;
const path = process.env['PATH'] ?? '';
const adds = (file: string) => `diff --git a/${file} b/${file}
new file mode 100644
--- /dev/null
+++ b/${file}
@@ -0,0 +1,1 @@
+hello
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-patch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('checkPatch', () => {
  it('names the files of a patch that git would apply, and writes none', async () => {
    const patch = adds('infra/main.tf') + adds('infra/variables.tf');

    expect(await checkPatch({ folder, patch, path })).toEqual(['infra/main.tf', 'infra/variables.tf']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['a file that is there', 'main.tf'],
    ['a path that leads outside', '../main.tf'],
    ['a path through a link', 'link/main.tf'],
    ['a folder of git', '.git/config'],
  ])('refuses %s', async (_what, file) => {
    writeFileSync(join(folder, 'main.tf'), 'mine\n');
    symlinkSync(tmpdir(), join(folder, 'link'));

    await expect(checkPatch({ folder, patch: adds(file), path })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('refuses what is no patch', async () => {
    await expect(checkPatch({ folder, patch: 'rm -rf /\n', path })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
