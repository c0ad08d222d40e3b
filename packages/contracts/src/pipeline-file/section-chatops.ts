import { z } from 'zod';
import { choice } from './choice.ts';
import { line } from './fields.ts';

const otherChat = 'Write `platform: slack` or `platform: none`; other chat systems arrive later.';

export const chatops = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether messages are sent.'),
    platform: choice({
      values: ['slack', 'none'],
      refused: { teams: otherChat, discord: otherChat, mattermost: otherChat, email: otherChat, telegram: otherChat },
    })
      .prefault('slack')
      .describe('Where messages go.'),
    channel: line.optional().describe('The channel. Default: the one that the platform is set up with.'),
    notify_on: z
      .array(
        choice({
          values: ['start', 'success', 'failure', 'rollback', 'approval'],
          older: {
            started: 'start',
            completed: 'success',
            deployment: 'success',
            failed: 'failure',
            error: 'failure',
          },
        }),
      )
      .max(50, 'must have at most 50 entries')
      .optional()
      .describe('What people hear of. Default: success, failure, rollback, approval.'),
  })
  .describe('How people are told. Without this section nobody is, outside of the web page and the command line.');
