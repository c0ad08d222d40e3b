import { startFakeSlack, testChat } from '@orchestra/testkit';
import { createSlackChat } from './index.ts';

testChat('Slack over HTTP', async () => {
  const slack = await startFakeSlack();
  return {
    chat: createSlackChat({ token: 'xoxb-test', apiUrl: slack.apiUrl, requestMs: 2_000, retries: 1 }),
    messages: () => slack.messages,
    close: () => slack.close(),
  };
});
