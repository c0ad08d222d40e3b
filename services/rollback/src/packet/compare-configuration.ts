import type { Manifest } from '@orchestra/contracts';
import type { ChangedSetting } from './packet.ts';

const secretName = /passw|secret|token|credential|auth|cookie|private|api[-_]?key|access[-_]?key|signing/i;
const hidden = '[secret]';

/** What a release is started with that the one before it was not. Values whose names tell of a secret are never shown. */
export function compareConfiguration(before: Manifest | null, after: Manifest | null): ChangedSetting[] {
  const [left, right] = [settingsOf(before), settingsOf(after)];
  const names = [...new Set([...left.keys(), ...right.keys()])].toSorted();
  return names
    .filter((name) => left.get(name) !== right.get(name))
    .map((setting) => ({ setting, before: shown(setting, left), after: shown(setting, right) }));
}

function settingsOf(manifest: Manifest | null): Map<string, string> {
  if (manifest === null) return new Map();
  const { artifactDigest, command, env, port, replicas, healthPath, readyTimeoutMs } = manifest;
  const variables = Object.entries(env).map(([name, value]): [string, string] => [`env.${name}`, value]);
  return new Map([
    ['artifact', artifactDigest],
    ['command', command.join(' ')],
    ['port', String(port)],
    ['replicas', String(replicas)],
    ['health_path', healthPath],
    ['ready_timeout_ms', String(readyTimeoutMs)],
    ...beyondProcesses(manifest),
    ...variables,
  ]);
}

function beyondProcesses({ flag, container }: Manifest): [string, string][] {
  const behind = written({ flag });
  if (container === undefined) return behind;
  const { namespace, image, port, objects, route, rollout } = container;
  const here = { namespace, image, container_port: String(port), objects: objects?.digest, route, rollout };
  return [...behind, ...written(here), ...hooksOf(container)];
}

function hooksOf({ hooks }: NonNullable<Manifest['container']>): [string, string][] {
  return written({ 'hooks.pre': hooks?.pre?.command.join(' '), 'hooks.post': hooks?.post?.command.join(' ') });
}

function written(settings: Readonly<Record<string, string | undefined>>): [string, string][] {
  return Object.entries(settings).flatMap(([name, value]): [string, string][] => {
    return value === undefined ? [] : [[name, value]];
  });
}

function shown(setting: string, settings: ReadonlyMap<string, string>): string | null {
  const value = settings.get(setting) ?? null;
  return value !== null && secretName.test(setting) ? hidden : value;
}
