/** A guarantee that is broken on purpose, by changing the text of a source file. */
export interface Mutant {
  name: string;
  /** What is broken, in words. */
  breaks: string;
  /** From the root of the repository. */
  file: string;
  /** Each text has to stand in the file exactly once. */
  changes: readonly { from: string; to: string }[];
}

const runStore = 'packages/backends/src/sqlite/run-store';

/** Ten guarantees of the protocol, each broken by itself. */
export const mutants: readonly Mutant[] = [
  {
    name: 'no fence check',
    breaks: 'The finish of a worker that lost its lease is taken.',
    file: `${runStore}/jobs.ts`,
    changes: [
      {
        from: "return job?.status === 'running' && job.service === service && job.token === token ? job : null;",
        to: 'return token > 0 && job?.service === service ? job : null;',
      },
    ],
  },
  {
    name: 'no seen-set',
    breaks: 'An event that comes again makes another job. (Its own id would hold by itself, so that is broken too.)',
    file: `${runStore}/accept.ts`,
    changes: [
      {
        from: "if (isSeen(step, { place, service, eventId })) return 'dup';",
        to: 'isSeen(step, { place, service, eventId });',
      },
      { from: 'INSERT INTO seen', to: 'INSERT OR REPLACE INTO seen' },
      {
        from: 'if (job) createJob(step, job);',
        to: 'if (job) createJob(step, { ...job, jobId: `${job.jobId} ${step.now}` });',
      },
    ],
  },
  {
    name: 'commit before accept',
    breaks: 'The position of a consumer moves before the record is taken into the store.',
    file: 'packages/backends/src/sqlite/event-bus/follow-topic.ts',
    changes: [
      {
        from: '  const intake = await giveOut(reader, rows);',
        to: "  await moveCursor(reader, numberOf(rows.at(-1) ?? {}, 'position'));\n  const intake = await giveOut(reader, rows);",
      },
    ],
  },
  {
    name: 'relay deletes before ack',
    breaks: 'The outbox forgets an event before the bus has it.',
    file: 'packages/runtime/src/engine/relay.ts',
    changes: [
      { from: '    acknowledger.add(entries.map(({ position }) => position));\n', to: '' },
      {
        from: '  async function publish(entries: readonly OutboxEntry[]): Promise<number> {\n',
        to: '  async function publish(entries: readonly OutboxEntry[]): Promise<number> {\n    acknowledger.add(entries.map(({ position }) => position));\n',
      },
    ],
  },
  {
    name: 'gate not atomic',
    breaks: 'A gate decides on the inputs as they were read before the new one was written.',
    file: `${runStore}/gates.ts`,
    changes: [
      {
        from: "  step.db.run('INSERT OR IGNORE INTO inputs VALUES (?, ?, ?, ?, ?)', [runId, unit, generation, status, eventId]);\n",
        to: '',
      },
      {
        from: '  for (const gate of gates) evaluateGate(step, gate);\n',
        to: "  for (const gate of gates) evaluateGate(step, gate);\n  step.db.run('INSERT OR IGNORE INTO inputs VALUES (?, ?, ?, ?, ?)', [runId, unit, generation, status, eventId]);\n",
      },
    ],
  },
  {
    name: 'epoch not checked at the effect',
    breaks: 'The world takes a move that is older than one it has seen.',
    file: 'packages/testkit/src/fakes/world/fake-target.ts',
    changes: [{ from: '  if (epoch >= target.epoch) return;\n', to: '  if (epoch >= 0) return;\n' }],
  },
  {
    name: 'wish ends a job without its event',
    breaks: 'A job under a wish ends in the store, and nobody is told.',
    file: 'packages/runtime/src/engine/attempt.ts',
    changes: [
      {
        from: '    const ended = await handler.conclude(conclusion, context);\n',
        to: '    const told = await handler.conclude(conclusion, context);\n    const ended = lease.wishes().length > 0 ? { ...told, events: [] } : told;\n',
      },
    ],
  },
  {
    name: 'older generation changes a newer one',
    breaks: 'A status of an older generation is written over one of a newer.',
    file: `${runStore}/units.ts`,
    changes: [
      { from: '  return stored.generation < generation;\n', to: '  return stored.generation !== generation;\n' },
    ],
  },
  {
    name: 'approval before the wait lost',
    breaks: 'A job goes to sleep although what it waits for has come.',
    file: `${runStore}/park.ts`,
    changes: [
      {
        from: '  return answerKey !== null && job.runId !== null && readAnswer(step, job.runId, answerKey) !== null;\n',
        to: '  return answerKey === null && job.woken;\n',
      },
    ],
  },
  {
    name: 'quarantine forgotten',
    breaks: 'A release is taken back, and its version may come again.',
    file: `${runStore}/targets.ts`,
    changes: [
      {
        from: '  for (const entry of quarantine) {\n',
        to: '  for (const entry of quarantine.slice(quarantine.length)) {\n',
      },
    ],
  },
];
