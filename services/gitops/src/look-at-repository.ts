import type { Head, JobContext } from '@orchestra/runtime';
import { admitPush } from './admit-push.ts';
import { decideMissed, type HeadChange } from './decide-missed.ts';
import { asksToSkip, type Push } from './decide-push.ts';
import type { Ports } from './ports.ts';
import type { AllowedRepository } from './repositories.ts';

type Context = JobContext<'gitops'>;

/** Makes a run of the newest commit of each branch that moved without the forge's telling. Returns what was known before. */
export async function lookAtRepository(allowed: AllowedRepository, ports: Ports, context: Context): Promise<Head[]> {
  const { repository, cloneUrl } = allowed;
  const { store, signal, log } = context;
  // What is known is read first: a push that is told of meanwhile then refuses the change, and the next look sees it.
  const known = await store.readHeads(repository);
  const found = await ports.git.listHeads({ url: cloneUrl, signal });
  for (const change of decideMissed(known, found)) {
    try {
      await perform({ change, allowed, known }, ports, context);
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ repository, ref: change.ref, err: error }, 'a missed push waits for the next look');
    }
  }
  return known;
}

interface Perform {
  change: HeadChange;
  allowed: AllowedRepository;
  known: readonly Head[];
}

async function perform({ change, allowed, known }: Perform, ports: Ports, context: Context): Promise<void> {
  const { kind, ref, expected, commit } = change;
  const { repository } = allowed;
  const note = async (): Promise<void> => void (await context.store.noteHead({ repository, ref, expected, commit }));
  if (kind === 'note' || commit === null) return note();
  const push = await readPush({ ref, expected, commit }, allowed, { ports, context });
  if (asksToSkip(push.message ?? '')) return note();

  const standing = known.find((head) => head.ref === ref);
  // One state of a ref is followed by one finding of a commit, however often the look is repeated.
  const name = ['found', repository, ref, commit, standing?.runId ?? standing?.at ?? '-'].join(' ');
  const admitted = await admitPush(
    {
      push,
      allowed,
      delivery: name,
      content: name,
      environmentLimit: null,
      metadata: {},
      actor: null,
      maxSupersedes: ports.maxSupersedes,
      head: { by: 'found', expected },
    },
    context,
  );
  const { runId, kind: admission } = admitted;
  context.log.info({ repository, ref, commit, runId, admitted: admission }, 'missed push found');
}

interface Found {
  ref: string;
  expected: string | null;
  commit: string;
}

// The forge's payload would say who and why; here the commit itself does.
async function readPush(
  { ref, expected, commit }: Found,
  { repository, cloneUrl }: AllowedRepository,
  { ports, context }: { ports: Ports; context: Context },
): Promise<Push> {
  const wanted = { url: cloneUrl, commit, base: null, signal: context.signal };
  const { author, subject } = await ports.git.withCommit(wanted, async (copy) => copy.describe());
  return {
    repository,
    ref,
    branch: ref.slice('refs/heads/'.length),
    commit,
    before: expected,
    author,
    message: subject,
    trigger: 'PUSH',
    pullRequest: null,
  };
}
