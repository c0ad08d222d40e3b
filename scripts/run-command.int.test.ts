import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { runCommand } from './run-command.ts';

const door = new URL('run-command.ts', import.meta.url).href;

// It says by itself what SIGINT means to it: whoever runs in the background inherits that the signal is ignored.
const waits = `process.on('SIGINT', () => process.exit(130)); console.log('began'); setInterval(() => {}, 1000);`;

describe('runCommand', () => {
  it('gives the output and the exit code', async () => {
    const ended = await runCommand({ command: 'sh', args: ['-c', 'echo out; echo error >&2; exit 3'] });

    expect(ended).toMatchObject({ code: 3, output: expect.stringMatching(/out\n/) });
    expect(ended.output).toContain('error\n');
  });

  it('kills what takes longer than its time', async () => {
    expect(await runCommand({ command: 'sleep', args: ['60'], timeoutMs: 50 })).toMatchObject({ code: 137 });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with its command on %s, and begins nothing after it',
    async (signal) => {
      const command = JSON.stringify({ command: process.execPath, args: ['--eval', waits], shown: true });
      const code = `import { runCommand } from '${door}'; await runCommand(${command}); console.log('next');`;
      const args = ['--input-type=module', '--eval', code];
      const caller = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const output: string[] = [];
      caller.stdout.on('data', (chunk) => output.push(String(chunk)));
      await once(caller.stdout, 'data');

      caller.kill(signal);
      const [exitCode] = await once(caller, 'close');

      expect({ exitCode, output }).toEqual({ exitCode: signal === 'SIGTERM' ? 143 : 130, output: ['began\n'] });
    },
  );
});
