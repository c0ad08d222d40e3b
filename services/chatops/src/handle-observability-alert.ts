import { escapeSlack } from '@orchestra/adapters/slack';
import type { ObservabilityAlert, Received } from '@orchestra/contracts';
import type { Ended, JobContext } from '@orchestra/runtime';
import type { Ports } from './ports.ts';

const reasons: Readonly<Record<string, string>> = {
  no_service: 'it names no service',
  only_informs: 'it only informs',
  service_unknown: 'nobody deploys this service here',
  several_targets: 'the service stands in several environments, and it names none',
  wide_blast: 'many services are ill at once',
  nothing_released: 'nothing was released there',
  other_release: 'it names a release that does not serve',
  older_than_release: 'it began before the release that serves',
};

/** An alert that no release is to blame for goes to people, once. Nothing is taken back for it. */
export async function handleObservabilityAlert(
  { id, data }: Received<'observability_alert'>,
  { log }: Pick<JobContext<'chatops'>, 'log'>,
  { chat, defaultChannel }: Ports,
): Promise<Ended<'chatops'>> {
  if (chat === null || defaultChannel === null) {
    log.warn(
      { alert: data.metric, reason: data.reason },
      'nobody can be told of an alert: no chat or no default channel',
    );
    return { kind: 'end', status: null, events: [] };
  }
  await chat.post({ channel: defaultChannel, text: render(data), key: `alert ${id}`, thread: null });
  return { kind: 'end', status: null, events: [] };
}

// Everything in it is foreign: who sends alerts writes the labels.
function render({ metric, service, environment, value, threshold, reason }: ObservabilityAlert): string {
  const where = [service, environment].filter((part) => part !== '').join(' in ');
  const about = where === '' ? '' : ` · ${escapeSlack(where, 150)}`;
  const why = reasons[reason ?? ''] ?? 'its cause is unknown';
  return `:bell: *${escapeSlack(metric, 150)}*${about} · ${value} (limit ${threshold})\nNo release is blamed: ${why}.`;
}
