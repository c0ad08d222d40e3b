import { Command } from 'commander';
import type { Console } from './console.ts';
import { addBacktest } from './backtest/backtest.ts';
import { addDemo } from './demo/demo.ts';
import { addDlq } from './dlq/dlq.ts';
import { addDoctor } from './doctor/doctor.ts';
import { addDown } from './down.ts';
import { addInit } from './init.ts';
import { addFreeze } from './freezes/freeze.ts';
import { addFreezes } from './freezes/list.ts';
import { addUnfreeze } from './freezes/unfreeze.ts';
import { addApprove } from './orders/approve.ts';
import { addCancel } from './orders/cancel.ts';
import { addDestroy } from './orders/destroy.ts';
import { addExtendWatch } from './orders/extend-watch.ts';
import { addPromote } from './orders/promote.ts';
import { addResolve } from './orders/resolve.ts';
import { addRetry } from './orders/retry.ts';
import { addRollback } from './orders/rollback.ts';
import { addRun } from './orders/run.ts';
import { addTrigger } from './orders/trigger.ts';
import { addQuarantine } from './quarantine/quarantine.ts';
import { addRebuild } from './rebuild/rebuild.ts';
import { plain } from './render/paint.ts';
import { addReplay } from './replay/replay.ts';
import { addLogs } from './runs/logs.ts';
import { addOutput } from './runs/output.ts';
import { addPacket } from './runs/packet.ts';
import { addProposal } from './runs/proposal.ts';
import { addRuns } from './runs/runs.ts';
import { addShow } from './runs/show.ts';
import { addWhy } from './runs/why.ts';
import { addUp } from './up/up.ts';
import { addValidate } from './validate.ts';

// In the order in which a newcomer meets them.
const commands = [
  addDemo,
  addUp,
  addDown,
  addDoctor,
  addInit,
  addValidate,
  addTrigger,
  addRuns,
  addShow,
  addLogs,
  addWhy,
  addPacket,
  addProposal,
  addOutput,
  addApprove,
  addCancel,
  addRetry,
  addRun,
  addPromote,
  addRollback,
  addResolve,
  addDestroy,
  addExtendWatch,
  addFreeze,
  addUnfreeze,
  addFreezes,
  addQuarantine,
  addDlq,
  addRebuild,
  addReplay,
  addBacktest,
];

/**
 * The command line with all of its commands. A command that starts services or talks to a server imports what
 * it needs when it runs, so that the others start at once.
 */
export function createProgram(console: Console): Command {
  const program = new Command('orchestra')
    .description('DevOps Orchestra: a push becomes a watched release, and a bad one goes back by itself')
    .version('0.1.0')
    .option('--no-color', 'no colours, as with NO_COLOR')
    .configureOutput({ writeOut: (text) => console.print(text), writeErr: (text) => console.say(text.trimEnd()) })
    .exitOverride()
    .showHelpAfterError('Run `orchestra --help` for the commands.');
  const { paint = plain } = console;
  const outside: Console = {
    ...console,
    paint: (colour, text) => (program.getOptionValue('color') === false ? text : paint(colour, text)),
  };
  for (const add of commands) add(program, outside);
  return program;
}
