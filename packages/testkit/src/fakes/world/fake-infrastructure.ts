import { Readable } from 'node:stream';
import type { OutputReference, RecordedOutputs } from '@orchestra/adapters/terraform';
import { OrchestraError, type Clock } from '@orchestra/runtime';
import type { EffectLedger } from './effect-ledger.ts';
import { readFakeArchive, type Files } from './fake-archive.ts';
import type { Reach } from './reach.ts';

/** What a configuration wants, as its author wrote it down. */
export interface WantedInfrastructure {
  /** Names the resources; the same name again changes nothing. */
  version: string;
  destroys: readonly string[];
  /** Applying it ends with an error of the tool. */
  applyFails: boolean;
  applyMs: number;
}

/** Where and how the tool works; the shape of the port of iac. */
export interface InfrastructureWork {
  workspace: string;
  repository: string;
  environment: string;
  signal: AbortSignal;
}

interface Plan {
  place: string;
  wanted: WantedInfrastructure;
  serial: number;
  run: string;
}

/** Infrastructure of all environments, with the tool that changes it. */
export interface FakeInfrastructure {
  /** Open workspaces by path, with the process that opened them. */
  readonly open: ReadonlyMap<string, string>;
  forget(owner: string): void;
  connect(reach: Reach, clock: Pick<Clock, 'wait'>): ReturnType<typeof portsOf>;
}

interface World {
  read(files: Files): WantedInfrastructure;
  ledger: EffectLedger;
  open: Map<string, string>;
  folders: Map<string, Files>;
  plans: Map<string, Plan>;
  /** By place: what is there, and how often it was changed. */
  states: Map<string, { version: string; serial: number }>;
}

/** Creates infrastructure that is empty. A saved plan is stale once something else was applied, as with the real tools. */
export function createFakeInfrastructure(
  read: (files: Files) => WantedInfrastructure,
  ledger: EffectLedger,
): FakeInfrastructure {
  const open = new Map<string, string>();
  const world: World = { read, ledger, open, folders: new Map(), plans: new Map(), states: new Map() };
  return {
    open,
    forget(owner) {
      for (const [path, by] of open) if (by === owner) open.delete(path);
    },
    connect: (reach, clock) => portsOf(world, reach, clock),
  };
}

function portsOf(world: World, reach: Reach, clock: Pick<Clock, 'wait'>) {
  const { open, folders, plans } = world;
  return {
    notes: [],
    lookEveryMs: 3_600_000,
    sweep: async () => {},
    findTool: async () => toolOf(world, reach, clock),
    async openWorkspace() {
      await reach.call('infrastructure.open', () => undefined);
      const path = `/infrastructure/${folders.size + 1}`;
      open.set(path, reach.by);
      folders.set(path, {});
      return { path, close: async () => void open.delete(path) };
    },
    async unpack(archive: NodeJS.ReadableStream, folder: string): Promise<void> {
      folders.set(folder, await readFakeArchive(Readable.from(archive)));
    },
    writeConfiguration: async () => false,
    readPlan: async (_workspace: string, planFile: string) => Buffer.from(JSON.stringify(plans.get(planFile) ?? null)),
  };
}

function toolOf(world: World, reach: Reach, clock: Pick<Clock, 'wait'>) {
  return {
    program: 'tofu',
    plan: (work: InfrastructureWork) => reach.call('infrastructure.plan', () => plan(world, work), work.signal),
    async apply(planFile: string, work: InfrastructureWork): Promise<RecordedOutputs> {
      const { applyMs } = await reach.call('infrastructure.begin', () => load(world, planFile).wanted, work.signal);
      try {
        await clock.wait(applyMs, work.signal);
        return await reach.call('infrastructure.apply', () => apply(world, planFile, reach.by), work.signal);
      } catch (cause) {
        if (!work.signal.aborted) throw cause;
        // As the real tools: what was done until then is not known.
        throw new OrchestraError('INFRASTRUCTURE_CUT', 'The apply was stopped in the middle', { cause });
      }
    },
    restore: async (saved: Buffer, { workspace }: InfrastructureWork) => restore(world, saved, workspace),
    probe: (work: InfrastructureWork) => reach.call('infrastructure.plan', () => ({ drifted: [] }), work.signal),
    readOutputs: async ({ repository, environment }: InfrastructureWork) =>
      outputsOf(world, `${repository}/${environment}`),
    resolveOutput: async ({ state, output }: OutputReference): Promise<string> => {
      const version = world.states.get(state)?.version;
      if (version !== undefined && output === 'key') return `the key of ${version}`;
      throw new OrchestraError('NOT_FOUND', `The state of ${state} has no output ${output}`);
    },
  };
}

function outputsOf({ states }: World, place: string): RecordedOutputs {
  const version = states.get(place)?.version;
  if (version === undefined) return { values: {}, sensitive: [] };
  return { values: { version }, sensitive: [{ tool: 'tofu', state: place, output: 'key' }] };
}

function plan({ read, folders, plans, states }: World, { workspace, repository, environment }: InfrastructureWork) {
  const wanted = read(folders.get(workspace) ?? {});
  const place = `${repository}/${environment}`;
  const state = states.get(place) ?? { version: '', serial: 0 };
  const planFile = `${workspace}/plan-${plans.size + 1}`;
  plans.set(planFile, { place, wanted, serial: state.serial, run: workspace });
  const toAdd = state.version === wanted.version ? 0 : 1;
  const { destroys } = wanted;
  const changesAnything = toAdd + destroys.length > 0;
  const counts = { toAdd, toChange: 0, toDestroy: destroys.length, destroys, replaces: [], changes: [] };
  return { ...counts, changesAnything, planFile };
}

function restore({ plans }: World, saved: Buffer, workspace: string): string {
  const kept: Plan = JSON.parse(saved.toString('utf8'));
  const planFile = `${workspace}/plan-${plans.size + 1}`;
  plans.set(planFile, kept);
  return planFile;
}

function load({ plans }: World, planFile: string): Plan {
  const found = plans.get(planFile);
  if (found === undefined) throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'There is no such plan');
  return found;
}

function apply(world: World, planFile: string, by: string): RecordedOutputs {
  const { place, wanted, serial } = load(world, planFile);
  const state = world.states.get(place) ?? { version: '', serial: 0 };
  if (state.serial !== serial) throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'Saved plan is stale');
  if (wanted.applyFails) throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'A resource could not be made');
  world.states.set(place, { version: wanted.version, serial: serial + 1 });
  world.ledger.record({ kind: 'apply', key: `${place} ${planFile}`, changed: true, by });
  return outputsOf(world, place);
}
