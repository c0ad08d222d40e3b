import { execFile } from 'node:child_process';
import { join } from 'node:path';

const main = join(import.meta.dirname, 'main.ts');
// A world makes much and keeps little of it: in a larger nursery most of it is gone before it is looked at.
const nursery = ['--min-semi-space-size=64', '--max-semi-space-size=256'];
const node = ['--conditions=source', '--disable-warning=ExperimentalWarning', ...nursery];

/** What the command says with these arguments, in a process of its own; also when it finds broken promises. */
export function playInProcess(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...node, main, ...args], { maxBuffer: 256 * 1024 ** 2 }, (error, stdout, stderr) => {
      if (error !== null && error.code !== 1) reject(error);
      else resolve(stdout === '' ? stderr : stdout);
    });
  });
}
