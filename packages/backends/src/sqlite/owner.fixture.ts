// A process that owns a database file until it is killed: `node owner.fixture.ts FILE`. It says when it does.
import { createSystemClock } from '@orchestra/runtime';
import { openDatabase } from './database.ts';

const database = openDatabase({ file: process.argv[2] ?? '', clock: createSystemClock() });
process.stdout.write('owned\n');
// Reading what never comes keeps the process alive, and ends it with its parent.
process.stdin.resume();
process.stdin.on('end', () => database.close());
