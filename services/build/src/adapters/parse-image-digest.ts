/**
 * Reads the digest from what docker, buildx or buildah wrote: a bare digest, a bare image id, or buildx' metadata.
 *
 * @returns `sha256:` and 64 hex digits, or null
 */
export function parseImageDigest(text: string): string | null {
  const trimmed = text.trim();
  const named = trimmed.startsWith('{') ? (/"containerimage\.digest":\s*"([^"]+)"/.exec(trimmed)?.[1] ?? '') : trimmed;
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/.exec(named)?.[1];
  return hex === undefined ? null : `sha256:${hex}`;
}
