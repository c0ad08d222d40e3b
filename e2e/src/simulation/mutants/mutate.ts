import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Mutant } from './mutants.ts';

/**
 * Changes the text of a source file as it is loaded from now on.
 *
 * @throws Error when a text does not stand in the file exactly once: the mutant would break nothing
 */
export function mutate({ name, changes }: Pick<Mutant, 'name' | 'changes'>, path: string): { isLoaded(): boolean } {
  const url = pathToFileURL(path).href;
  let isLoaded = false;
  registerHooks({
    load(loaded, context, nextLoad) {
      const module = nextLoad(loaded, context);
      if (loaded !== url) return module;
      isLoaded = true;
      const text =
        typeof module.source === 'string' ? module.source : Buffer.from(textOf(module.source)).toString('utf8');
      return { ...module, source: changes.reduce((changed, change) => replaceOnce(changed, change, name), text) };
    },
  });
  return { isLoaded: () => isLoaded };
}

function textOf(source: unknown): Uint8Array {
  if (source instanceof Uint8Array) return source;
  throw new TypeError('A source file has no text');
}

/** @throws Error when the text does not stand there exactly once */
export function replaceOnce(text: string, { from, to }: Mutant['changes'][number], name: string): string {
  const parts = text.split(from);
  const [before, after] = parts;
  if (parts.length !== 2 || before === undefined || after === undefined) {
    throw new Error(`Mutant "${name}": its text stands ${parts.length - 1} times in the file: ${from.trim()}`);
  }
  return `${before}${to}${after}`;
}
