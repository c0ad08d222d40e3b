const units = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1000, name: 's' },
];

/** A duration for people, in the largest unit that divides it: `2 h`, `90 s`, `500 ms`. */
export function renderDuration(ms: number): string {
  const unit = units.find((candidate) => ms >= candidate.ms && ms % candidate.ms === 0);
  return unit === undefined ? `${ms} ms` : `${ms / unit.ms} ${unit.name}`;
}

/** Arguments as a person would type them; a shell line is shown as that line. Null stays null. */
export function renderArguments(args: readonly string[] | null): string | null {
  if (args === null) return null;
  const [program, flag, script] = args;
  const shown =
    program === 'sh' && flag === '-c' && args.length === 3 ? (script ?? '') : args.map((arg) => quote(arg)).join(' ');
  const flat = shown.trim().replace(/\s*\n\s*/g, '; ');
  return flat.length <= 120 ? flat : `${flat.slice(0, 119)}…`;
}

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : JSON.stringify(argument);
}
