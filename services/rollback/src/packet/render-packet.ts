import type { Packet } from './packet.ts';

/** The packet as a page for people, in Markdown. Foreign text is kept from becoming markup. */
export function renderPacket(packet: Packet): string {
  const { repository, environment, service, run, decision, outcome, asked } = packet;
  return [
    `# ${word(decision.kind)}: ${safe(`${repository} ${environment}/${service}`)}`,
    `Decided at ${packet.decidedAt}: **${safe(decision.reason)}**. Outcome: **${outcome.status}** (${safe(outcome.reason)})${outcome.message === null ? '' : `. ${safe(outcome.message)}`}`,
    list([
      `Run ${run.sequence} (${code(run.runId)}) of ${safe(run.branch ?? 'no branch')}, commit ${code(run.commit)} by ${safe(run.author)}`,
      `Asked by ${asked.by.replaceAll('_', ' ')} at ${asked.raisedAt}, event ${code(asked.cause)}`,
      `Leaving: ${release(packet.leaving)}`,
      `Restored: ${release(packet.restored)}`,
    ]),
    section('What was measured', packet.measured.map(measurement)),
    section('Timeline', packet.timeline.map(moment)),
    section('Commits', packet.commits.map(commit)),
    section('Changed files', packet.changedFiles.map(code)),
    section('Configuration', packet.configuration.map(setting)),
    section('Approvals', packet.approvals.map(approval)),
    section('First failing lines', packet.failingLines.map(code)),
  ]
    .join('\n\n')
    .concat('\n');
}

function word(kind: Packet['decision']['kind']): string {
  return kind === 'restore' ? 'Rolled back' : 'Not rolled back';
}

function release(named: Packet['leaving']): string {
  return named === null
    ? 'none'
    : `${code(named.release)}, version ${code(named.version)}, commit ${code(named.commit)}`;
}

function measurement({ metric, value, threshold, baseline, verdict, query }: Packet['measured'][number]): string {
  const numbers = `${value ?? 'no data'}, threshold ${threshold}, before ${baseline ?? 'unknown'}`;
  return `${safe(metric)}: ${verdict.toLowerCase()}, ${numbers}${query === null ? '' : `, query ${code(query)}`}`;
}

function moment({ at, service, unit, what, reason }: Packet['timeline'][number]): string {
  return `${at} ${service}: ${safe(what)}${unit === null ? '' : ` ${code(unit)}`}${reason === null ? '' : ` (${safe(reason)})`}`;
}

function commit({ sequence, commit: id, author, subject }: Packet['commits'][number]): string {
  return `${code(id)}${subject === null ? '' : ` ${safe(subject)}`}, by ${safe(author)} (run ${sequence})`;
}

function setting({ setting: name, before, after }: Packet['configuration'][number]): string {
  return `${code(name)}: ${before === null ? 'absent' : code(before)} → ${after === null ? 'absent' : code(after)}`;
}

function approval({ at, actor, action, unit, reason }: Packet['approvals'][number]): string {
  return `${at} ${safe(actor)}: ${safe(action)}${unit === null ? '' : ` ${code(unit)}`}${reason === null ? '' : `, ${safe(reason)}`}`;
}

function section(title: string, lines: readonly string[]): string {
  return `## ${title}\n\n${lines.length === 0 ? 'Nothing.' : list(lines)}`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'")}\``;
}

function safe(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]<>#|!]/g, String.raw`\$&`);
}

function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ');
}
