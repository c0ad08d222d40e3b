/** What the build wants to know of a package.json; null: it is no JSON object, and npm will say so itself. */
export function parsePackageJson(text: string): { hasDependencies: boolean; hasBuildScript: boolean } | null {
  const manifest = parseObject(text);
  if (manifest === null) return null;
  const names = ['dependencies', 'devDependencies', 'optionalDependencies', 'workspaces'];
  return {
    hasDependencies: names.some((name) => isFilled(manifest[name])),
    hasBuildScript: isFilled(manifest['scripts']) && typeof manifest['scripts']['build'] === 'string',
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof parsed === 'object' && !Array.isArray(parsed) ? (parsed as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function isFilled(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
