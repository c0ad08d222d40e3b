import { fromOutcome, OrchestraError, type RollbackSlice } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import type { Decision } from '../decide.ts';
import type { Work } from '../gather-facts.ts';
import { composePacket } from './compose-packet.ts';
import { renderPacket } from './render-packet.ts';

// Who goes back further than this has another question.
const earlierRuns = 50;

interface Writing {
  work: Work;
  decision: Decision;
  ended: Ended<'rollback'>;
}

/** The end of a rollback with the digests of its packet; one that tells people nothing new has none. */
export async function withPacket(writing: Writing): Promise<Ended<'rollback'>> {
  const { ended, work } = writing;
  const place = `${work.asked.environment}/${work.asked.service}`;
  const slice = ended.slice?.[place];
  if (slice === undefined || slice === null) return ended;
  const packet = await writePacket(writing);
  if (packet === null) return ended;
  const written = { what: 'decision packet written', reason: 'kept', facts: packet };
  const events = ended.events.map((event) => tellOf(packet, event));
  return { ...ended, events, slice: { [place]: { ...slice, packet } }, decided: [...(ended.decided ?? []), written] };
}

type Packet = NonNullable<RollbackSlice['packet']>;
type Told = Ended<'rollback'>['events'][number];

// A store that is rebuilt finds the packet by what the event tells of it.
function tellOf({ json, markdown }: Packet, event: Told): Told {
  if (event.topic !== 'rollback_event') return event;
  return { ...event, data: { ...event.data, packetDigest: json, packetTextDigest: markdown } };
}

/**
 * Keeps why it was decided so, as JSON and as Markdown. It is comfort: the traffic has moved already, and a packet that cannot
 * be written holds up nobody. Null: it could not be written.
 */
async function writePacket(writing: Writing): Promise<Packet | null> {
  const { context } = writing.work;
  try {
    const packet = await gatherPacket(writing);
    const [json, markdown] = [`${JSON.stringify(packet, null, 2)}\n`, renderPacket(packet)];
    const kept = await Promise.all([json, markdown].map(async (text) => context.artifacts.put(Buffer.from(text))));
    return { json: kept[0]?.digest ?? '', markdown: kept[1]?.digest ?? '' };
  } catch (error) {
    if (context.signal.aborted || !(error instanceof OrchestraError)) throw error;
    context.log.warn({ err: error }, 'decision packet not written');
    return null;
  }
}

async function gatherPacket({ work, decision, ended }: Writing) {
  const { context, asked, held, lastWords } = work;
  const { run, store, now } = context;
  return composePacket({
    now,
    asked,
    decision,
    outcome: { status: terminal(ended), reason: ended.reason ?? decision.reason, message: ended.message ?? null },
    target: held.target,
    plan: await context.plan(),
    run,
    history: await store.readHistory(run.runId),
    earlierRuns: await store.listRuns({ repository: run.repository, limit: earlierRuns, before: run.runId }),
    output: await lastWords.read(context.signal),
  });
}

function terminal({ events }: Ended<'rollback'>) {
  const [told] = events;
  const outcome = told?.topic === 'rollback_event' ? told.data.outcome : 'UNRECOGNIZED';
  return outcome === 'UNRECOGNIZED' ? 'unknown' : fromOutcome(outcome);
}
