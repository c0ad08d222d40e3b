import { describe, expect, it } from '@jest/globals';
import { eventually, startFakeSlack } from '@orchestra/testkit';
import { startCollector, type Span } from './collector.ts';
import { startPlatform } from './platform.ts';
import { named } from './scenarios.ts';
import { playScenario } from './story.ts';

const services = ['gitops', 'build', 'code-analysis', 'test', 'iac', 'deploy', 'observability', 'chatops'];

describe.each([
  { form: 'one process', distributed: false },
  { form: 'processes over Kafka', distributed: true },
])('the platform as $form', ({ distributed }) => {
  it('tells each run as one trace, from the push to the watched release', async () => {
    await using collector = await startCollector();
    const slack = await startFakeSlack();
    const chat = { SLACK_TOKEN: 'xoxb-token', SLACK_API_URL: slack.apiUrl, SLACK_CHANNEL: 'C0DEFAULT' };
    const environment = { ...process.env, LEASE_MS: '3000', ...chat, ...collector.environment };
    const platform = await startPlatform({ distributed, environment });
    const runIds: string[] = [];
    try {
      await playScenario(named('01-success'), platform);

      for (const { run } of await platform.api.listRuns({ limit: 2 })) runIds.push(run.runId);
      for (const runId of runIds) {
        const see = () => servicesOf(spansOf(runId, collector.spans()));
        await eventually({ see, until: (seen) => services.every((service) => seen.includes(service)) });
      }
    } finally {
      await platform.stop();
      await slack.close();
    }

    for (const runId of runIds) {
      const spans = spansOf(runId, collector.spans());
      expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([runId.replaceAll('-', '')]));
      expect(servicesThatCaused(spans, 'build')).toContain('gitops');
      expect(servicesThatCaused(spans, 'test')).toContain('build');
    }
  });
});

function spansOf(runId: string, spans: readonly Span[]): Span[] {
  return spans.filter(({ attributes }) =>
    attributes.some(({ key, value }) => key === 'cicd.pipeline.run.id' && value.stringValue === runId),
  );
}

// A span is named <service> <handler>.
function servicesOf(spans: readonly Span[]): string[] {
  return spans.map(({ name }) => name.split(' ')[0] ?? '');
}

function servicesThatCaused(spans: readonly Span[], service: string): string[] {
  const parents = new Set(spans.filter(({ name }) => name.startsWith(`${service} `)).map((span) => span.parentSpanId));
  return servicesOf(spans.filter(({ spanId }) => parents.has(spanId)));
}
