/** A service as far as its group is concerned. */
export interface GroupMember {
  name: string;
  /** Services that have to be healthy in the environment before this one moves. */
  dependsOn?: readonly string[];
}

/**
 * The services that are released, and taken back, together with one: all that `depends_on` connects with it. Each stands
 * behind those that it depends on; among others the order of the file holds. It alone where nothing is connected with it.
 */
export function releaseGroup(services: readonly GroupMember[], name: string): string[] {
  const members = new Set([name]);
  for (;;) {
    const more = services.filter((one) => !members.has(one.name) && isConnected(one, members, services));
    if (more.length === 0) break;
    for (const one of more) members.add(one.name);
  }
  return inOrder(services).filter((one) => members.has(one));
}

function isConnected(one: GroupMember, members: ReadonlySet<string>, services: readonly GroupMember[]): boolean {
  if (dependenciesOf(one).some((other) => members.has(other))) return true;
  return services.some((other) => members.has(other.name) && dependenciesOf(other).includes(one.name));
}

function inOrder(services: readonly GroupMember[]): string[] {
  const order: string[] = [];
  let left = [...services];
  while (left.length > 0) {
    const next = left.find((one) => dependenciesOf(one).every((other) => !left.some(({ name }) => name === other)));
    // A circle is refused with the file; an older plan cannot have one.
    const [first] = left;
    const taken = next ?? first;
    if (taken === undefined) break;
    order.push(taken.name);
    left = left.filter((one) => one !== taken);
  }
  return order;
}

/** A circle of services of which each depends on the next, from the first in the file; null: there is none. */
export function findCircle(services: readonly GroupMember[]): string[] | null {
  for (const { name } of services) {
    const circle = walk(services, [name], new Set());
    if (circle !== null) return circle;
  }
  return null;
}

// Who was seen without a way back to the start has none on another way either.
function walk(services: readonly GroupMember[], path: readonly string[], seen: Set<string>): string[] | null {
  const [start] = path;
  const last = services.find(({ name }) => name === path.at(-1));
  for (const next of last === undefined ? [] : dependenciesOf(last)) {
    if (next === start) return [...path];
    if (seen.has(next)) continue;
    seen.add(next);
    const found = walk(services, [...path, next], seen);
    if (found !== null) return found;
  }
  return null;
}

function dependenciesOf({ dependsOn = [] }: GroupMember): readonly string[] {
  return dependsOn;
}
