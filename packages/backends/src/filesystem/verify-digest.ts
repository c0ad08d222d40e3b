import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { OrchestraError } from '@orchestra/contracts';

/** Passes bytes on and ends with `ARTIFACT_CORRUPT` instead of an end when they do not have the digest. */
export function verifyDigest(digest: string): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const found = `sha256:${hash.digest('hex')}`;
      done(found === digest ? null : new OrchestraError('ARTIFACT_CORRUPT', `${digest} holds the bytes of ${found}`));
    },
  });
}
