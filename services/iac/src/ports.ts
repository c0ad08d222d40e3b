import type { ProposalRequest, Proposals, ProposedFile } from '@orchestra/adapters/openai';
import type { RecordedOutputs } from '@orchestra/adapters/terraform';
import type { InfrastructurePlan, OutputReference } from '@orchestra/contracts';

export type { ProposalRequest, Proposals, ProposedFile, RecordedOutputs };

/** What a plan would do to one resource; values as text, `[secret]` for sensitive ones. */
export interface PlannedChange {
  address: string;
  type: string;
  kind: 'add' | 'change' | 'replace' | 'destroy' | 'forget';
  attributes: readonly { name: string; before: string | null; after: string | null }[];
}

/** What a plan would do. */
export interface Planned {
  toAdd: number;
  toChange: number;
  toDestroy: number;
  /** What would be destroyed, by address, also what would be made anew. */
  destroys: readonly string[];
  /** Those of `destroys` that would be made anew. */
  replaces: readonly string[];
  changes: readonly PlannedChange[];
  /** Whether anything changes, an output included. */
  changesAnything: boolean;
  /** The saved plan, relative to the workspace. */
  planFile: string;
}

/** Where and how the tool works. */
export interface Work {
  /** Absolute path of the unpacked source. */
  workspace: string;
  /** The configuration, relative to the workspace; as the file of the repository says it. */
  folder: string;
  repository: string;
  environment: string;
  /** Of a plan: it destroys all that is recorded. Absent: it brings about what the configuration says. */
  destroysAll?: boolean;
  timeoutMs: number;
  signal: AbortSignal;
  onOutput(text: string): void;
}

/**
 * A program that plans and applies infrastructure.
 *
 * All throw OrchestraError `INFRASTRUCTURE_TOOL_FAILED`, when it ended by itself; `INFRASTRUCTURE_CUT` and
 * `COMMAND_TIMED_OUT`, when it was ended, which of an apply leaves unknown what it did; `PATH_OUTSIDE`, `NOT_FOUND`: not
 * retriable; `SANDBOX_UNAVAILABLE`, retriable.
 */
export interface InfrastructureTool {
  /** The word that people see, `terraform` or `tofu`. */
  program: string;
  plan(work: Work): Promise<Planned>;
  /** Puts a plan that was saved elsewhere into a fresh workspace and makes that ready; where the plan is then. */
  restore(plan: Buffer, work: Work): Promise<string>;
  /** Applies exactly a saved plan; the outputs, with references in place of sensitive ones. */
  apply(planFile: string, work: Work): Promise<RecordedOutputs>;
  /** Compares what is recorded with the world and changes neither: the addresses of what differs. */
  probe(work: Work): Promise<{ drifted: readonly string[] }>;
  /** The outputs as they are recorded; the workspace may be fresh. */
  readOutputs(work: Work): Promise<RecordedOutputs>;
  /** The value that a reference names, as the state has it now; the workspace may be fresh. @throws OrchestraError `NOT_FOUND` */
  resolveOutput(reference: OutputReference, work: Work): Promise<string>;
}

/** What is needed to propose a configuration where there is none. */
export interface Proposing {
  /** The language model, or which settings it would need. */
  model: Proposals | { missing: readonly string[] };
  /** Names of the files in a folder of a workspace; empty: it has none, or is not there. @throws OrchestraError `PATH_OUTSIDE` */
  listFiles(workspace: string, folder: string): Promise<readonly string[]>;
  /** Names of files of the source, and the texts of its manifests. */
  lookAround(workspace: string): Promise<{ files: readonly string[]; manifests: Readonly<Record<string, string>> }>;
  /** The paths that git would write, and writes not. @throws OrchestraError `REQUEST_INVALID`: git would not apply the patch */
  checkPatch(workspace: string, patch: string): Promise<readonly string[]>;
  /** A text with `[secret]` in place of secrets. */
  hide(text: string): string;
}

export interface Ports {
  /** The tool that the file asks for, or null: it is not installed. */
  findTool(tool: InfrastructurePlan['tool']): Promise<InfrastructureTool | null>;
  proposing: Proposing;
  /** What every run in which the tool ran has to say: `unsandboxed`; empty when all is well. */
  notes: readonly string[];
  /** How often it is looked whether a comparison with the world is due. */
  lookEveryMs: number;
  /** Removes the workspaces of processes that were killed. */
  sweep(): Promise<void>;
  /** A fresh folder. */
  openWorkspace(): Promise<{ path: string; close(): Promise<void> }>;
  /** @throws OrchestraError `PATH_OUTSIDE`, `ARTIFACT_TOO_LARGE`, `ARTIFACT_CORRUPT` */
  unpack(archive: NodeJS.ReadableStream, folder: string): Promise<void>;
  /** Writes a configuration where there is none, and says whether it did. @throws OrchestraError `PATH_OUTSIDE` */
  writeConfiguration(workspace: string, folder: string, text: string): Promise<boolean>;
  /** The bytes of a plan that the tool has saved. @throws OrchestraError `PATH_OUTSIDE`, `NOT_FOUND`, `ARTIFACT_TOO_LARGE` */
  readPlan(workspace: string, planFile: string): Promise<Buffer>;
}
