import { parseArgs } from 'node:util';
import { serveParent } from '../subject/serve-parent.ts';
import { startExpress } from './express-subject.ts';
import { startGitops } from './gitops-subject.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'express' },
    secret: { type: 'string', default: '' },
    redis: { type: 'string' },
  },
});
const { kind, secret, redis: redisUrl = null } = values;
await serveParent(kind === 'express' ? await startExpress() : await startGitops({ secret, redisUrl }));
