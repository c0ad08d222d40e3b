import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addDisposals } from './dispose.ts';
import { addList } from './list.ts';
import { addShow } from './show.ts';

/** `orchestra dlq`: the records that services could not accept. */
export function addDlq(program: Command, console: Console): void {
  const dlq = program.command('dlq').description('look at records that services refused, replay or drop them');
  addList(dlq, console);
  addShow(dlq, console);
  addDisposals(dlq, console);
}
