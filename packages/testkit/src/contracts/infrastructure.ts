import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutputReference, RecordedOutputs } from '@orchestra/adapters/terraform';

/** Where and how a tool works; the shape of the port of iac. */
interface Work {
  workspace: string;
  folder: string;
  repository: string;
  environment: string;
  timeoutMs: number;
  signal: AbortSignal;
  onOutput(text: string): void;
}

interface Planned {
  toAdd: number;
  toChange: number;
  toDestroy: number;
  destroys: readonly string[];
  changesAnything: boolean;
  planFile: string;
}

interface Tool {
  plan(work: Work): Promise<Planned>;
  restore(plan: Buffer, work: Work): Promise<string>;
  apply(planFile: string, work: Work): Promise<RecordedOutputs>;
  probe(work: Work): Promise<{ drifted: readonly string[] }>;
  readOutputs(work: Work): Promise<RecordedOutputs>;
  resolveOutput(reference: OutputReference, work: Work): Promise<string>;
}

/** A configuration with one resource, the output `version` and the sensitive one `key`, whose value is `the key of <version>`. */
export interface WantedConfiguration {
  version: string;
  /** `destroys`: the resource is not in it any more; `fails`: making it fails; `endless`: making it never ends. */
  how?: 'well' | 'destroys' | 'fails' | 'endless';
}

/** Infrastructure of which nothing was made yet, through the ports of iac. */
export interface InfrastructureUnderTest {
  ports: {
    findTool(tool: 'terraform'): Promise<Tool | null>;
    openWorkspace(): Promise<{ path: string; close(): Promise<void> }>;
    unpack(archive: NodeJS.ReadableStream, folder: string): Promise<void>;
    readPlan(workspace: string, planFile: string): Promise<Buffer>;
  };
  /** The archive of a source with this configuration in its root. */
  source(wanted: WantedConfiguration): Promise<NodeJS.ReadableStream>;
  /** Waits until an endless making has begun. */
  untilBegun(workspace: string): Promise<unknown>;
  close(): Promise<void>;
}

const hidden = { tool: expect.any(String), state: 'acme/shop/production', output: 'key' };
const outputs = { values: { version: 'v1' }, sensitive: [hidden] };

/** The contract of infrastructure: it is changed by exactly the plan that was seen, once, or says that it is not. */
export function testInfrastructure(name: string, open: () => Promise<InfrastructureUnderTest>): void {
  describe(`the infrastructure of ${name}`, () => {
    let world: InfrastructureUnderTest;
    let opened: { path: string; close(): Promise<void> }[] = [];

    beforeEach(async () => {
      world = await open();
    });
    afterEach(async () => {
      await Promise.all(opened.map((workspace) => workspace.close()));
      opened = [];
      await world.close();
    });

    async function given(wanted: WantedConfiguration, change: Partial<Work> = {}) {
      const { ports } = world;
      const tool = await ports.findTool('terraform');
      if (tool === null) throw new Error('there is no tool');
      const workspace = await ports.openWorkspace();
      opened.push(workspace);
      await ports.unpack(await world.source(wanted), workspace.path);
      const place = { workspace: workspace.path, folder: '.', repository: 'acme/shop', environment: 'production' };
      const { signal } = new AbortController();
      return { tool, work: { ...place, timeoutMs: 60_000, signal, onOutput: () => {}, ...change } };
    }

    async function plan(wanted: WantedConfiguration, change: Partial<Work> = {}) {
      const { tool, work } = await given(wanted, change);
      const planned = await tool.plan(work);
      return { planned, tool, work, apply: () => tool.apply(planned.planFile, work) };
    }

    it('is made by its plan, and after that there is nothing to change', async () => {
      const { planned, apply, tool, work } = await plan({ version: 'v1' });

      expect(planned).toMatchObject({ toAdd: 1, toDestroy: 0, destroys: [], changesAnything: true });
      expect(await apply()).toEqual(outputs);
      expect(await tool.probe(work)).toEqual({ drifted: [] });
      expect((await plan({ version: 'v1' })).planned).toMatchObject({ toAdd: 0, changesAnything: false });
    });

    it('tells what it is by its outputs, in a workspace that has seen no plan', async () => {
      await (await plan({ version: 'v1' })).apply();

      const { tool, work } = await given({ version: 'v2' });

      expect(await tool.readOutputs(work)).toEqual(outputs);
    });

    it('gives the value of a sensitive output to whoever asks for it by its reference, as it is by then', async () => {
      const { sensitive } = await (await plan({ version: 'v1' })).apply();
      const [reference = { tool: '', state: '', output: '' }] = sensitive;
      const { tool, work } = await given({ version: 'v1' });
      expect(await tool.resolveOutput(reference, work)).toBe('the key of v1');
      await (await plan({ version: 'v2' })).apply();

      expect(await tool.resolveOutput(reference, work)).toBe('the key of v2');
      await expect(tool.resolveOutput({ ...reference, output: 'other' }, work)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    it('is changed by a plan that was kept, in another workspace', async () => {
      const { planned, work } = await plan({ version: 'v1' });
      const kept = await world.ports.readPlan(work.workspace, planned.planFile);
      const later = await given({ version: 'v1' });

      const planFile = await later.tool.restore(kept, later.work);

      expect(await later.tool.apply(planFile, later.work)).toEqual(outputs);
    });

    it('refuses a plan that was made before something else changed it, also the same plan again', async () => {
      const [first, second] = [await plan({ version: 'v1' }), await plan({ version: 'v2' })];
      await first.apply();

      await expect(second.apply()).rejects.toMatchObject({ code: 'INFRASTRUCTURE_TOOL_FAILED' });
      await expect(first.apply()).rejects.toMatchObject({ code: 'INFRASTRUCTURE_TOOL_FAILED' });
      expect((await plan({ version: 'v1' })).planned).toMatchObject({ changesAnything: false });
    });

    it('names what a plan would destroy', async () => {
      await (await plan({ version: 'v1' })).apply();

      const { planned } = await plan({ version: 'v1', how: 'destroys' });

      expect(planned).toMatchObject({ toDestroy: 1, changesAnything: true });
      expect(planned.destroys).toHaveLength(1);
    });

    it('is another one in each environment and repository', async () => {
      await (await plan({ version: 'v1' })).apply();

      const elsewhere = [{ environment: 'staging' }, { repository: 'acme/other' }];
      const plans = await Promise.all(elsewhere.map(async (change) => plan({ version: 'v1' }, change)));

      expect(plans.map(({ planned }) => planned.toAdd)).toEqual([1, 1]);
    });

    it('says that it could not be made, and there is still something to change', async () => {
      const { apply } = await plan({ version: 'v1', how: 'fails' });

      await expect(apply()).rejects.toMatchObject({ code: 'INFRASTRUCTURE_TOOL_FAILED' });
      expect((await plan({ version: 'v1' })).planned).toMatchObject({ changesAnything: true });
    });

    it('says that it was cut when it is stopped in the middle of its making', async () => {
      const stopping = new AbortController();
      const { apply, work } = await plan({ version: 'v1', how: 'endless' }, { signal: stopping.signal });
      const making = apply();
      // Whoever looks later still gets the reason.
      making.catch(() => {});
      await world.untilBegun(work.workspace);

      stopping.abort(new Error('stopped'));

      await expect(making).rejects.toMatchObject({ code: 'INFRASTRUCTURE_CUT' });
    });
  });
}
