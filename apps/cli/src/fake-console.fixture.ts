import { runProgram } from './run-program.ts';

/** How a command line ended, and what it wrote. */
export interface Ran {
  code: number | null;
  data: string;
  progress: string;
}

/** Runs a command line of the program in this process, as a terminal without colours would. */
export async function orchestra(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Ran> {
  const ran: Ran = { code: null, data: '', progress: '' };
  await runProgram(args, {
    environment,
    print: (text) => void (ran.data += text),
    say: (line) => void (ran.progress += `${line}\n`),
    readInput: () => Promise.resolve(''),
    finish: (code) => void (ran.code = code),
  });
  return ran;
}
