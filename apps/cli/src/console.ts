import type { ExitCode } from './exit-codes.ts';
import type { Paint } from './render/paint.ts';

/** The outside of a command: what it reads, where it writes, how it ends. */
export interface Console {
  environment: Readonly<Record<string, string | undefined>>;
  /** Writes data to the standard output, as it is. */
  print(text: string): void;
  /** Writes progress to the standard error output, as one line. */
  say(text: string): void;
  /** Colours a part of what will be printed; plain where nobody sees colours. Absent: plain. */
  paint?: Paint;
  /** Reads the standard input to its end. */
  readInput(): Promise<string>;
  /** Sets how the program will end; it goes on until its work is done. */
  finish(code: ExitCode): void;
}
