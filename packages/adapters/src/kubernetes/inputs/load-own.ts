import { OrchestraError } from '@orchestra/runtime';
import type { ClusterStartable } from '../target-objects.ts';
import type { TargetNames } from '../target-names.ts';
import { checkObjects } from './check-objects.ts';
import { ownObjects, type OwnObjects } from './own-objects.ts';
import { parseStream } from './parse-stream.ts';

const none: OwnObjects = { template: null, front: null, others: [] };
const maxBytes = 16 * 1024 ** 2;

/** What a release is looked at by. */
export interface Loading {
  kinds: readonly string[];
  names: TargetNames;
  startable: ClusterStartable;
}

/**
 * Reads what the user's files hold for a release, as it was rendered; nothing where there are none. The lists of this
 * installation are asked again: they may have changed since.
 *
 * @throws OrchestraError `INPUTS_REFUSED`, not retriable, with everything that is wrong
 */
export async function loadOwn({ kinds, names, startable }: Loading): Promise<OwnObjects> {
  const { container, openStored } = startable;
  const stored = container?.objects;
  if (container === undefined || stored === undefined || openStored === undefined) return none;
  const objects = parseStream(await readText(await openStored(stored.digest)), 'the rendered objects');
  const problems = checkObjects(objects, { ...stored, kinds, namespace: names.namespace, image: container.image });
  if (problems.length === 0) return ownObjects(objects, names.service, stored);
  throw new OrchestraError('INPUTS_REFUSED', `The objects of this deployment are refused: ${problems.join('; ')}`);
}

async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new OrchestraError('ARTIFACT_TOO_LARGE', `The objects take over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
