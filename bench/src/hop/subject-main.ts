import { parseArgs } from 'node:util';
import { serveParent } from '../subject/serve-parent.ts';
import { startKafkajsHop } from './kafkajs-hop.ts';
import { hopKinds } from './place.ts';
import { startRuntimeHop } from './runtime-hop.ts';

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({ options: { kind: text, brokers: text, redis: text, prefix: text } });
const place = { brokers: values.brokers, redisUrl: values.redis, prefix: values.prefix };
const kind = hopKinds.find((known) => known === values.kind) ?? 'bare';
const stop = kind === 'runtime' ? await startRuntimeHop(place) : await startKafkajsHop(kind, place);
await serveParent({ said: kind, stop });
