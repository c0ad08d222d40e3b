import { z } from 'zod';
import { line, targetName } from './fields.ts';

const approval = z.strictObject({
  environment: targetName.describe('The environment. Required.'),
  count: z
    .int()
    .min(1, 'must be 1 to 20')
    .max(20, 'must be 1 to 20')
    .default(1)
    .describe('How many different people have to approve.'),
  approvers: z
    .array(line)
    .max(50, 'must have at most 50 names')
    .default([])
    .describe(
      'Who may approve and reject, by the names of their tokens. Default, without `groups` too: everybody who may give orders.',
    ),
  groups: z
    .array(line)
    .max(50, 'must have at most 50 names')
    .default([])
    .describe('Groups whose members may, too. The installation knows who is in them (`APPROVER_GROUPS`).'),
  expires_seconds: z
    .number()
    .min(1, 'must be at least 1 second')
    .max(30 * 86_400, 'must be at most 30 days (2592000 seconds)')
    .default(86_400)
    .describe(
      'How long a release waits for its approvals; then it fails. The deadline of the run is as much later, unless `run.deadline_seconds` is written.',
    ),
  allow_author: z
    .boolean()
    .default(false)
    .describe(
      'Whether the approval of the author of the push counts: the person whose token has the name that the forge gives the author.',
    ),
});

export const approvals = z
  .array(approval)
  .max(10, 'must have at most 10 entries')
  .optional()
  .describe(
    'Whom a release to an environment waits for before it changes anything there. An approval is for one artifact with one configuration in that environment. Default: nobody is asked.',
  );
