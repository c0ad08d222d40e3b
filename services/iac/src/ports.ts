import type { InfrastructurePlan } from '@orchestra/contracts';

/** What a plan would do. */
export interface Planned {
  toAdd: number;
  toChange: number;
  toDestroy: number;
  /** What would be destroyed or replaced, by address. */
  destroys: readonly string[];
  /** Path of the saved plan. */
  planFile: string;
}

/** Where and how the tool works. */
export interface Work {
  /** Absolute path of the configuration in the workspace. */
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
  /** @throws OrchestraError `INFRASTRUCTURE_TOOL_FAILED`, `COMMAND_TIMED_OUT`: not retriable */
  plan(work: Work): Promise<Planned>;
  /** Applies exactly a saved plan; the outputs, with `[secret]` for sensitive ones. Throws like `plan`. */
  apply(planFile: string, work: Work): Promise<Record<string, string>>;
}

export interface Ports {
  /** The tool that the file asks for, or null: it is not installed. */
  findTool(tool: InfrastructurePlan['tool']): Promise<InfrastructureTool | null>;
  /** A fresh folder. */
  openWorkspace(): Promise<{ path: string; close(): Promise<void> }>;
  /** @throws OrchestraError `PATH_OUTSIDE`, `ARTIFACT_TOO_LARGE`, `ARTIFACT_CORRUPT` */
  unpack(archive: NodeJS.ReadableStream, folder: string): Promise<void>;
  /** @throws OrchestraError `PATH_OUTSIDE` */
  resolveInside(folder: string, path: string): Promise<string>;
}
