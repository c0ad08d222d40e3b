const failing =
  /\b(error|exception|fatal|panic|fail(ed|ure)?|cannot|refused|timed? ?out|uncaught|unhandled|segfault|out of memory)\b/i;
const most = 20;
const longest = 500;

/** The first lines of an output that tell of a failure; where none does, its last lines. */
export function findFailingLines(output: string): string[] {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trimEnd().slice(0, longest))
    .filter((line) => line !== '');
  const found = lines.filter((line) => failing.test(line) || /Error\b/.test(line)).slice(0, most);
  return found.length > 0 ? found : lines.slice(-most);
}
