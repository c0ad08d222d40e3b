import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addList } from './list.ts';
import { addRelease } from './release.ts';

/** `orchestra quarantine`: the versions that were taken back and do not come again by themselves. */
export function addQuarantine(program: Command, console: Console): void {
  const quarantine = program
    .command('quarantine')
    .description('look at versions that were taken back, or let one out with a note');
  addList(quarantine, console);
  addRelease(quarantine, console);
}
