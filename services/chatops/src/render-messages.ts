import { escapeSlack, type Chat } from '@orchestra/adapters/slack';
import type { MessageSlice, RunState } from '@orchestra/contracts';
import { OrchestraError, type ServiceContext } from '@orchestra/runtime';
import { decideMessages, type Line } from './decide-messages.ts';
import { findAudience, type Audience } from './find-audience.ts';
import type { Ports } from './ports.ts';

/** Tells a channel of a run: one message, edited in place, with details in its thread. Never delays the run itself. */
export async function renderMessages(
  run: RunState,
  context: ServiceContext,
  ports: Ports,
): Promise<Readonly<Record<string, unknown>>> {
  if (ports.chat === null) return {};
  const audience = await findAudience(run, context, ports);
  if (audience === null) return {};

  const { channel } = audience;
  const shown = run.slices.chatops[channel] ?? null;
  try {
    const slice = await tell({ run, audience, shown }, ports.chat, ports);
    return slice === null ? {} : { [channel]: slice };
  } catch (error) {
    // What Slack refuses it would refuse again: a line in the log, and this run is not told of any more.
    if (!(error instanceof OrchestraError) || error.retriable) throw error;
    context.log.warn({ err: error, channel }, 'message refused');
    return { [channel]: { ts: '', revision: run.v, text: '', replies: {} } satisfies MessageSlice };
  }
}

interface Telling {
  run: RunState;
  audience: Audience;
  shown: MessageSlice | null;
}

async function tell({ run, audience, shown }: Telling, chat: Chat, ports: Ports): Promise<MessageSlice | null> {
  const { channel, notifyOn } = audience;
  const { main, replies } = decideMessages(run, notifyOn, shown !== null);
  if (main === null || shown?.ts === '') return null;

  const text = [...main.map(renderLine), ...linkTo(run, ports)].join('\n');
  const ts = shown?.ts ?? (await chat.post({ channel, text, key: run.runId, thread: null }));
  if (shown !== null && shown.text !== text) await chat.update({ channel, ts, text });

  const answered: Record<string, string> = { ...shown?.replies };
  for (const { about, lines } of replies.filter((reply) => answered[reply.about] === undefined)) {
    const reply = { channel, text: lines.map(renderLine).join('\n'), key: `${run.runId} ${about}`, thread: ts };
    answered[about] = await chat.post(reply);
  }
  return { ts, revision: run.v, text, replies: answered };
}

function renderLine(line: Line): string {
  return line.map((part) => ('ours' in part ? part.ours : escapeSlack(part.foreign, 300))).join('');
}

// The address is ours: from configuration and the run's id.
function linkTo({ runId }: RunState, { publicUrl }: Ports): string[] {
  return publicUrl === null ? [] : [`<${publicUrl}/runs/${runId}|Details>`];
}
