import { describe, expect, it } from '@jest/globals';
import { decideVerdict, type CommandEnd } from './decide-verdict.ts';

const end: CommandEnd = { command: ['make', 'all'], outcome: 'exited', exitCode: 0, hasNetwork: false };

describe('decideVerdict', () => {
  it('passes on exit code 0 only', () => {
    expect(decideVerdict(end)).toEqual({ kind: 'passed' });
  });

  it.each<[Partial<CommandEnd>, string, string]>([
    [{ exitCode: 2 }, 'failure', 'command_failed'],
    [{ exitCode: null }, 'failure', 'command_failed'],
    [{ exitCode: 137 }, 'failure', 'command_failed'],
    [{ outcome: 'not_found', exitCode: null }, 'error', 'tool_not_installed'],
    [{ outcome: 'timed_out', exitCode: null }, 'timed_out', 'build_time_limit'],
    [{ outcome: 'memory', exitCode: 0 }, 'failure', 'out_of_memory'],
    [{ outcome: 'too_much_output', exitCode: null }, 'failure', 'too_much_output'],
  ])('calls %j %s: %s', (change, status, reason) => {
    expect(decideVerdict({ ...end, ...change })).toMatchObject({ kind: 'ended', status, reason });
  });

  it('says what an installation without network lacks', () => {
    const install: CommandEnd = { ...end, command: ['npm', 'ci'], exitCode: 1 };

    expect(decideVerdict(install)).toMatchObject({ message: expect.stringContaining('SANDBOX_NETWORK') });
    expect(decideVerdict({ ...install, hasNetwork: true })).toMatchObject({
      message: expect.not.stringContaining('SANDBOX_NETWORK'),
    });
  });
});
