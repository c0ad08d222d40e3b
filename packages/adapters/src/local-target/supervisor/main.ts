import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createControlApi } from './control-api.ts';
import { createLauncher, type Launcher, type LaunchOptions } from './launch.ts';
import { lockFolder } from './lock.ts';
import { parseResidence } from './parse-residence.ts';
import { capLogsRegularly } from './release-log.ts';
import { supervise } from './supervise.ts';
import { sweepRegularly } from './sweep-regularly.ts';
import { writeDurably } from './state-file.ts';
import { readProcess } from './process-stat.ts';
import { noSandboxExitCode, usualMemoryMb } from '../view.ts';

// Started by connect.ts as a process of its own, `main.ts <data folder> <bubblewrap | process | auto>`, or in a container
// of its own with the address behind it under which clients find it: `target:7000`.
const [, , folder = '', mode = 'bubblewrap', ownAddress] = process.argv;
const { listen, host, port: wantedPort, isKept } = parseResidence(ownAddress);
// Whoever asked has made the folder: where it is gone again, nobody waits for us any more.
if (!existsSync(folder)) process.exit(0);
if (!lockFolder(folder)) process.exit(0); // another supervisor has this folder, and is found by its control file
if (mode !== 'auto' && mode !== 'bubblewrap' && mode !== 'process') throw new Error(`No mode ${mode}`);

const logFolder = join(folder, 'logs');
const memoryBytes = Number(process.env['LOCAL_TARGET_MEMORY_MB'] ?? usualMemoryMb) * 1024 ** 2;
const launcher = launcherOrEnd({ mode, path: process.env['PATH'] ?? '', logFolder, memoryBytes });
const supervisor = await supervise({ stateFile: join(folder, 'state.json'), launcher, host: listen });
sweepRegularly(join(folder, 'artifacts'), supervisor);
capLogsRegularly(logFolder);
const token = randomBytes(32).toString('hex');
const controlFile = join(folder, 'control.json');
const api = createControlApi({ supervisor, token, logFolder, shutdown: () => void end(true) });
api.listen(wantedPort, listen);
await once(api, 'listening');
const address = api.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;
const startTicks = readProcess(process.pid)?.startTicks ?? 0;
const control = { pid: process.pid, startTicks, host, port, isKept, token, sandbox: launcher.describe() };
writeDurably(controlFile, JSON.stringify(control));

// The platform going down is no reason for users' services to go: only an explicit end takes the processes along.
process.on('SIGTERM', () => void end(false));
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

async function end(withProcesses: boolean): Promise<void> {
  await supervisor.close(withProcesses);
  // Last of all: without this file nobody waits for us, and the folder may be gone at once. Where we come back by ourselves
  // it says so to clients while we are away.
  if (withProcesses || !isKept) rmSync(controlFile, { force: true });
  process.exit(0);
}

function launcherOrEnd(options: LaunchOptions): Launcher {
  try {
    return createLauncher(options);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(noSandboxExitCode);
  }
}
