// The first program of a room: brings up the cluster, then runs what was asked for, and ends with its code. The servers
// end with the namespaces.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { say } from '../../say.ts';
import { startNode } from './start-node.ts';
import type { RoomOrder } from './pod-room.ts';

const order: RoomOrder = JSON.parse(process.argv[2] ?? '');
const { kubeconfig, about } = await startNode(order);
say('a cluster with a real node is ready');
const [program = '', ...args] = order.command;
const environment = { ...process.env, KUBECONFIG: kubeconfig, ORCHESTRA_PODS: about };
const child = spawn(program, args, { stdio: 'inherit', env: environment });
const [code]: unknown[] = await once(child, 'exit');
process.exit(typeof code === 'number' ? code : 1);
