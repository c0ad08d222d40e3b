export { findProgramSync } from './find-program-sync.ts';
export { findProgram } from './find-program.ts';
export { createPrintable, printable, type Printable } from './printable.ts';
export { runProgram, type Ending, type ProgramOptions, type ProgramResult } from './run-program.ts';
