const inObject = /^f:(.+)$/;
const inList = /^[kv]:(.+)$/;

/**
 * The leaves of a `fieldsV1` of Kubernetes as paths, such as `.spec.template.spec.containers[{"name":"app"}].image`.
 *
 * @param fields tolerant: what is no object has no fields
 */
export function readFields(fields: unknown, path = ''): string[] {
  if (typeof fields !== 'object' || fields === null) return [];
  const children = Object.entries(fields).filter(([key]) => key !== '.');
  if (children.length === 0) return path === '' ? [] : [path];
  return children.flatMap(([key, child]) => readFields(child, `${path}${stepOf(key)}`));
}

function stepOf(key: string): string {
  const [, name] = inObject.exec(key) ?? [];
  const [, entry = key] = inList.exec(key) ?? [];
  return name === undefined ? `[${entry}]` : `.${name}`;
}
