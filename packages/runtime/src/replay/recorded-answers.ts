import { isOf, type Received, type ServiceName, type Topic } from '@orchestra/contracts';

/**
 * What a service answered to each event, as it was recorded: its events by the id of the last event that led to them. An
 * event behind a gate has several causes; the one that came last has opened it. What a retry made anew answers the order.
 */
export function recordedAnswers(
  events: readonly Received<Topic>[],
  service: ServiceName,
): ReadonlyMap<string, readonly Received<Topic>[]> {
  const byId = new Map(events.map((event) => [event.id, event]));
  const answers = new Map<string, Received<Topic>[]>();
  for (const event of events.filter(({ source }) => source === service)) {
    const causes = causesOf(event).flatMap((id) => byId.get(id) ?? []);
    const last = causes.toSorted((left, right) => left.time.getTime() - right.time.getTime()).at(-1);
    const led = last !== undefined && last.generation < event.generation ? (retryOf(event, events) ?? last) : last;
    if (led !== undefined) answers.set(led.id, [...(answers.get(led.id) ?? []), event]);
  }
  return answers;
}

function causesOf({ causeId, data }: Received<Topic>): string[] {
  const listed = 'causes' in data ? data.causes : [];
  return causeId === null ? [...listed] : [causeId, ...listed];
}

// The order that began the generation of an event, where its service was to obey it.
function retryOf(event: Received<Topic>, events: readonly Received<Topic>[]): Received<Topic> | null {
  const { runId, source, time } = event;
  const orders = events.filter((each) => isOf(each, 'operator_command'));
  const retries = orders.filter(({ data }) => data.action === 'RETRY' || data.action === 'PROMOTE');
  const own = retries.filter((each) => each.runId === runId && each.data.addressee === source && each.time < time);
  return own.at(-1) ?? null;
}

const wished = ['cancelled_by_person', 'superseded', 'run_deadline', 'halted'];

/** Whether a service ended one of these units because of a wish: wishes are in the store alone, no event tells when. */
export function endedByWish(
  events: readonly Received<Topic>[],
  { service, runId, units }: { service: ServiceName; runId: string; units: readonly string[] },
): boolean {
  return events
    .filter((event) => event.source === service && event.runId === runId && units.includes(event.subject))
    .some(({ data }) => 'reason' in data && data.reason !== null && wished.includes(data.reason));
}
