import { parseArgs } from 'node:util';
import { serveParent } from '../subject/serve-parent.ts';
import { startBullmqSide } from './bullmq-side.ts';
import { startKafkajsSide } from './kafkajs-side.ts';
import { loadKinds, type LoadKind, type LoadPlace } from './place.ts';
import { startRuntimeSide } from './runtime-side.ts';

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({ options: { kind: text, brokers: text, redis: text, prefix: text, queues: text } });
const place = { brokers: values.brokers, redisUrl: values.redis, prefix: values.prefix, queues: values.queues };
const kind = loadKinds.find((known) => known === values.kind) ?? 'kafkajs';
const starts: Readonly<Record<LoadKind, (at: LoadPlace) => Promise<() => Promise<void>>>> = {
  runtime: startRuntimeSide,
  bullmq: startBullmqSide,
  kafkajs: startKafkajsSide,
};
await serveParent({ said: kind, stop: await starts[kind](place) });
