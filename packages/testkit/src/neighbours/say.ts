/** Tells a person on stderr what takes long. Nothing is said where nothing has to be fetched. */
export function say(text: string): void {
  process.stderr.write(`neighbours: ${text}\n`);
}
