import type { InfrastructurePlan } from '@orchestra/contracts';

/** What a plan would do. */
export interface Planned {
  toAdd: number;
  toChange: number;
  toDestroy: number;
  /** What would be destroyed or replaced, by address. */
  destroys: readonly string[];
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
  timeoutMs: number;
  signal: AbortSignal;
  onOutput(text: string): void;
}

/** A program that plans and applies infrastructure. */
export interface InfrastructureTool {
  /** The word that people see, `terraform` or `tofu`. */
  program: string;
  /**
   * @throws OrchestraError `INFRASTRUCTURE_TOOL_FAILED`, `COMMAND_TIMED_OUT`, `PATH_OUTSIDE`, `NOT_FOUND`: not retriable;
   * `SANDBOX_UNAVAILABLE`, retriable
   */
  plan(work: Work): Promise<Planned>;
  /** Applies exactly a saved plan; the outputs, with `[secret]` for sensitive ones. Throws like `plan`. */
  apply(planFile: string, work: Work): Promise<Record<string, string>>;
}

export interface Ports {
  /** The tool that the file asks for, or null: it is not installed. */
  findTool(tool: InfrastructurePlan['tool']): Promise<InfrastructureTool | null>;
  /** What every run in which the tool ran has to say: `unsandboxed`; empty when all is well. */
  notes: readonly string[];
  /** Removes the workspaces of processes that were killed. */
  sweep(): Promise<void>;
  /** A fresh folder. */
  openWorkspace(): Promise<{ path: string; close(): Promise<void> }>;
  /** @throws OrchestraError `PATH_OUTSIDE`, `ARTIFACT_TOO_LARGE`, `ARTIFACT_CORRUPT` */
  unpack(archive: NodeJS.ReadableStream, folder: string): Promise<void>;
  /** The bytes of a plan that the tool has saved. @throws OrchestraError `PATH_OUTSIDE`, `NOT_FOUND`, `ARTIFACT_TOO_LARGE` */
  readPlan(workspace: string, planFile: string): Promise<Buffer>;
}
