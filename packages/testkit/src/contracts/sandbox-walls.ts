import { expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxUnderTest } from './sandbox.ts';

/** The part of the sandbox's contract that needs real walls: files, users, network, processes, memory. */
export function testSandboxWalls(under: () => SandboxUnderTest): void {
  testFiles(under);
  testPrivileges(under);
  testResources(under);
}

function testFiles(under: () => SandboxUnderTest): void {
  it('shows nothing of the host through links, and no file of the host but its programs', async () => {
    const { run, workspace } = under();
    await symlink('/etc/shadow', join(workspace, 'shadow'));
    await symlink('/', join(workspace, 'root'));
    await symlink(workspace, join(workspace, 'host'));

    const looks = [
      'cat shadow',
      'ls root/home',
      'ls root/root',
      'cat /etc/hostname',
      'ls host/',
      'ls /sys',
      'ls /var',
      'ls /run',
    ];
    const { stdout } = await run([
      'sh',
      '-c',
      looks.map((look) => `${look} >/dev/null 2>&1 && echo "${look}"`).join('; '),
    ]);

    expect(stdout).toBe('');
  });

  it('has a private folder for temporary files', async () => {
    const { run } = under();

    const { stdout } = await run(['sh', '-c', 'ls -A /tmp; echo mine > /tmp/x; cat /tmp/x']);
    const again = await run(['ls', '-A', '/tmp']);

    expect([stdout, again.stdout]).toEqual(['mine\n', '']);
  });

  it.each(['/', '/usr', '/usr/bin', '/dev', '/etc', '/opt', '/proc/sys/kernel'])(
    'cannot write to %s',
    async (folder) => {
      const { exitCode } = await under().run(['sh', '-c', `echo x > ${folder}/written-by-a-test`]);

      expect(exitCode).not.toBe(0);
    },
  );

  it('can make no device and no hard link to what is outside', async () => {
    const { stdout } = await under().run(['sh', '-c', 'mknod disk b 8 0; ln /usr/bin/env stolen; ls']);

    expect(stdout).toBe('');
  });
}

function testPrivileges(under: () => SandboxUnderTest): void {
  it('is not root, has no capability and can get none', async () => {
    const script =
      'id -u; grep -E "^Cap(Eff|Prm|Bnd)" /proc/self/status; unshare -U true && echo nested; mount -t tmpfs x /tmp && echo mounted; true';

    const { stdout } = await under().run(['sh', '-c', script]);

    expect(stdout).not.toMatch(/^0$/m);
    expect(stdout.match(/0{16}/g)).toHaveLength(3);
    expect(stdout).not.toMatch(/nested|mounted/);
  });

  it('sees and ends only its own processes', async () => {
    const { stdout } = await under().run(['sh', '-c', 'ls -d /proc/[0-9]* | wc -l; sleep 30 & kill -9 -1; echo alive']);

    expect(Number(stdout.split('\n')[0])).toBeLessThan(10);
  });

  it('reaches no network, not even that of its host', async () => {
    const server = createServer((_request, response) => response.end('reached'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const script = `for (const url of ['http://127.0.0.1:${port}', 'http://169.254.169.254'])
      await fetch(url, { signal: AbortSignal.timeout(3000) }).then(() => console.log('reached', url), () => console.log('refused'));`;

    const { stdout } = await under().run(['node', '--input-type=module', '-e', script]);

    server.close();
    expect(stdout).toBe('refused\nrefused\n');
  });
}

function testResources(under: () => SandboxUnderTest): void {
  it('stops a fork bomb at its limit of processes', async () => {
    const { run } = under();
    const limits = {
      timeMs: 10_000,
      memoryBytes: 2 * 1024 ** 3,
      processes: 40,
      fileBytes: 1_000_000,
      outputBytes: 100_000,
    };
    // At most 150 processes even where nothing limits them. The inner shell dies at the limit; counting needs no process.
    const script =
      '(i=0; while [ $i -lt 150 ]; do sleep 8 & i=$((i+1)); done) 2>/dev/null; set -- /proc/[0-9]*; echo $#';

    const { stdout } = await run(['sh', '-c', script], { limits });

    expect(Number(stdout)).toBeGreaterThan(10);
    expect(Number(stdout)).toBeLessThanOrEqual(50);
  });

  it('stops what takes more memory than its limit', async () => {
    const { run } = under();
    const limits = {
      timeMs: 15_000,
      memoryBytes: 700 * 1024 ** 2,
      processes: 64,
      fileBytes: 1_000_000,
      outputBytes: 100_000,
    };
    // At most 1 GB even where nothing limits it.
    const script =
      'const kept = []; for (let i = 0; i < 100; i += 1) kept.push(Buffer.alloc(10_000_000, 1)); console.log("took all");';

    const { outcome, exitCode, stdout } = await run(['node', '-e', script], { limits });

    expect(stdout).not.toContain('took all');
    expect(outcome === 'memory' || exitCode !== 0).toBe(true);
  });

  it('leaves no process behind, also when one left its group', async () => {
    const { run } = under();
    const mark = `98${process.pid}`;

    await run(['sh', '-c', `setsid sleep ${mark} & setsid sleep ${mark} & echo ok`]);

    expect(await commandsWith(mark)).toEqual([]);
  });
}

async function commandsWith(mark: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.startsWith('sleep') && command.includes(mark));
}
