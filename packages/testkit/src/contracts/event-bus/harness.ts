import type { EventBus } from '@orchestra/runtime';

/** How the suite reaches one kind of bus. */
export interface EventBusHarness {
  /** Opens the bus as a process of its own would; all that are open at a time share the records. */
  open(): Promise<EventBus>;
  /** Opens a bus whose broker or file cannot be reached. */
  openUnreachable(): Promise<EventBus>;
  /**
   * How a child process opens the same bus: `module` is a file URL whose export `open` takes `argument`.
   * It is killed, so that the suite sees what a crash leaves behind.
   */
  crash: { module: string; argument: string };
  /** Whether several processes may be members of one group at a time. An embedded bus belongs to one process. */
  sharesGroups: boolean;
  /** Called after the last test. */
  close(): Promise<void>;
}

/** What `crash.module` exports. */
export interface CrashModule {
  open(argument: string): Promise<EventBus>;
}
