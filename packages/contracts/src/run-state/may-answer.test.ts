import { describe, expect, it } from '@jest/globals';
import { mayAnswer } from './may-answer.ts';

describe('mayAnswer', () => {
  it.each([
    { approvers: [], groups: [], may: true },
    { approvers: ['ada'], groups: [], may: true },
    { approvers: ['grace'], groups: [], may: false },
    { approvers: ['grace'], groups: ['sre'], may: true },
    { approvers: [], groups: ['leads'], may: false },
  ])('lets ada of the group sre answer to $approvers and $groups: $may', ({ may, ...asked }) => {
    expect(mayAnswer({ actor: 'ada', memberOf: ['sre'], ...asked })).toBe(may);
  });
});
