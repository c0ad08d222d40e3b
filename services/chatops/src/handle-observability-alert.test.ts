import { describe, expect, it } from '@jest/globals';
import type { ObservabilityAlert } from '@orchestra/contracts';
import { receive } from '@orchestra/testkit';
import { portsForTests } from './ports-for-tests.fixture.ts';
import { createService } from './service.ts';

interface Posted {
  channel: string;
  text: string;
  key: string;
}

const alert: ObservabilityAlert = {
  environment: 'production',
  service: 'web',
  release: null,
  epoch: 0,
  step: 0,
  attribution: 'ELSEWHERE',
  source: 'EXTERNAL',
  metric: 'HighErrorRate <!channel>',
  value: 0.4,
  threshold: 0.05,
  baseline: null,
  samples: 1,
  reason: 'wide_blast',
  checks: [],
  judgement: null,
};

async function forward(data: ObservabilityAlert, defaultChannel: string | null = '#ops') {
  const posted: Posted[] = [];
  const chat = {
    async post(message: Posted) {
      posted.push(message);
      return '1';
    },
    update: async () => {},
  };
  const service = createService(portsForTests({ chat, defaultChannel }));
  const result = await receive(service, { topic: 'observability_alert', data });
  return { posted, result };
}

describe('an alert from outside', () => {
  it('goes to people when no release is to blame, with its labels made harmless', async () => {
    const { posted, result } = await forward(alert);

    expect(posted).toEqual([
      {
        channel: '#ops',
        key: expect.stringMatching(/^alert /),
        thread: null,
        text:
          ':bell: *HighErrorRate &lt;!channel&gt;* · web in production · 0.4 (limit 0.05)\n' +
          'No release is blamed: many services are ill at once.',
      },
    ]);
    expect(result).toEqual({ kind: 'end', status: null, events: [] });
  });

  it('is not told by itself when it belongs to a release: the page of its run shows it', async () => {
    const { posted, result } = await forward({ ...alert, release: 'r2' });

    expect([posted, result]).toEqual([[], null]);
  });

  it('is told to nobody where nobody is named', async () => {
    const { posted } = await forward(alert, null);

    expect(posted).toEqual([]);
  });
});
