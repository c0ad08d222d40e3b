import { describe, expect, it } from '@jest/globals';
import { defineService } from '../service/definition.ts';
import { createSlots } from './slots.ts';

const again = async () => ({ kind: 'again' }) as const;

const service = defineService<'build'>({
  name: 'build',
  on: {
    code_push: { kind: 'reaction', concurrency: 2, handle: again },
    operator_command: { kind: 'reaction', handle: again },
  },
  tasks: { sweep: { concurrency: 3, handle: again } },
});

describe('slots', () => {
  it('let so many be claimed at once that no handler gets more than its limit, whose jobs they may be', () => {
    const slots = createSlots(service, 8);

    expect(slots.room()).toBe(2);
    slots.take('code_push');
    expect(slots.room()).toBe(1);
  });

  it('leave a full handler aside', () => {
    const slots = createSlots(service, 8);
    slots.take('code_push');
    slots.take('code_push');

    expect(slots.full()).toEqual(['code_push']);
    expect(slots.room()).toBe(3);
    slots.giveBack('code_push');
    expect(slots.full()).toEqual([]);
    expect(slots.room()).toBe(1);
  });

  it('never exceed what one process works at', () => {
    const slots = createSlots(service, 3);
    for (const handler of ['sweep', 'sweep', 'operator_command']) slots.take(handler);

    expect(slots.room()).toBe(0);
  });

  it('give nothing to a process that works at nothing', () => {
    expect(createSlots(service, 0).room()).toBe(0);
  });
});
