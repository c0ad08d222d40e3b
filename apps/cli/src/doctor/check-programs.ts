import { findProgram, runProgram } from '@orchestra/adapters/process';
import { ok, type Check, type Surroundings } from './check.ts';

type Environment = Surroundings['environment'];

const timeoutMs = 10_000;

/** git, which fetches the commits. */
export async function checkGit(environment: Environment): Promise<Check> {
  const seen = await firstLine(['git', '--version'], environment);
  if (seen !== null) return ok('git', true, seen);
  return { name: 'git', state: 'absent', required: true, seen: 'not found', means: 'no commit can be fetched' };
}

/** terraform or tofu: whichever is there is used. */
export async function checkInfrastructurePrograms(environment: Environment): Promise<Check> {
  const name = 'terraform, tofu';
  for (const program of ['tofu', 'terraform']) {
    const seen = await firstLine([program, 'version'], environment);
    if (seen !== null) return ok(name, false, seen);
  }
  const means = 'a run with a section `infrastructure` ends there; all others are as they are';
  return { name, state: 'absent', required: false, seen: 'neither found', means };
}

/** docker or buildah, each with what it answers; docker needs an engine that answers too. */
export async function checkImagePrograms(environment: Environment): Promise<Check[]> {
  const docker = await firstLine(['docker', 'version', '--format', 'engine {{.Server.Version}}'], environment);
  const buildah = await firstLine(['buildah', '--version'], environment);
  const isInstalled = (await findProgram('docker', environment['PATH'] ?? '')) !== null;
  return [
    docker !== null
      ? ok('docker', false, docker)
      : {
          name: 'docker',
          state: isInstalled ? 'broken' : 'absent',
          required: false,
          seen: isInstalled ? 'found, but no engine answers' : 'not found',
          means: 'a build with `tool: docker` ends there',
        },
    buildah !== null
      ? ok('buildah', false, buildah)
      : {
          name: 'buildah',
          state: 'absent',
          required: false,
          seen: 'not found',
          means: 'a build with `tool: buildah` ends there',
        },
  ];
}

async function firstLine([program = '', ...args]: string[], environment: Environment): Promise<string | null> {
  if ((await findProgram(program, environment['PATH'] ?? '')) === null) return null;
  const result = await runProgram(program, args, { cwd: '/', env: passedOn(environment), timeoutMs }).catch(() => null);
  if (result === null || result.exitCode !== 0) return null;
  return result.stdout.trim().split('\n')[0] ?? '';
}

// What the services would pass on too: where programs, their settings and the engine are.
function passedOn(environment: Environment): Record<string, string> {
  const names = ['PATH', 'HOME', 'DOCKER_HOST', 'DOCKER_CONFIG', 'XDG_RUNTIME_DIR'];
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}
