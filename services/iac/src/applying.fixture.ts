// Applies what never ends, in a process that a test kills: node applying.fixture.ts FOLDER PATH
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { givenEnvironment } from './given-environment.fixture.ts';
import { handleGate } from './handle-gate.ts';
import { endless, realPorts } from './real-tool.fixture.ts';

const [folder = '', path = ''] = process.argv.slice(2);
const given = givenEnvironment(null);
const context = given.attempt(await given.aRun());
const note = async (slice: object): Promise<void> => writeFileSync(join(folder, 'slice.json'), JSON.stringify(slice));
await handleGate({ ...context, note }, realPorts(folder, path, endless));
