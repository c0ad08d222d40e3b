import { join, resolve } from 'node:path';
import { createFolderArtifactStore } from '@orchestra/backends/filesystem';
import { OrchestraError, type RunState } from '@orchestra/contracts';
import { createPorts, passedFrom, resolveOutput, settings } from '@orchestra/iac';
import { parseEnv, readPlan, runtimeEnv } from '@orchestra/runtime';
import { ensureCredentials } from '../up/credentials.ts';
import { embeddedEnvironment } from '../up/embedded-environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface Wanted {
  run: RunState;
  /** Null: the only one that the run has. */
  environment: string | null;
  output: string;
}

/** Where iac of the platform keeps what it needs: the state, providers, and the sources of runs. */
interface Where {
  data: string;
  isDistributed: boolean;
  given: Environment;
}

/** Reads an output as iac would. @throws OrchestraError `NOT_FOUND`, `CONFIG_INVALID`, `ARTIFACT_MISSING`; as the tool */
export async function readOutput({ run, environment, output }: Wanted, where: Where): Promise<string> {
  const env = await environmentOf(where);
  const { ARTIFACTS_DIR: folder, ...config } = parseEnv(
    'orchestra output',
    settings.extend(runtimeEnv.pick({ ARTIFACTS_DIR: true }).shape),
    env,
  );
  const artifacts = createFolderArtifactStore({ folder });
  return resolveOutput({
    run,
    plan: await readPlan(run, artifacts),
    artifacts,
    ports: createPorts({ ...config, passed: passedFrom(env, config.IAC_PASS_ENV) }),
    environment: environment ?? onlyEnvironment(run),
    output,
    signal: new AbortController().signal,
  });
}

async function environmentOf({ data, isDistributed, given }: Where): Promise<Environment> {
  if (isDistributed) return given;
  const folder = resolve(data);
  const credentials = await ensureCredentials(folder);
  const environment = { ARTIFACTS_DIR: join(folder, 'artifacts'), ...given };
  return embeddedEnvironment({ folder, credentials, repositories: [], environment });
}

function onlyEnvironment({ slices }: RunState): string {
  const [first, ...others] = Object.keys(slices.iac);
  if (first === undefined) throw new OrchestraError('NOT_FOUND', 'The run has no infrastructure');
  if (others.length === 0) return first;
  throw new OrchestraError('REQUEST_INVALID', `Say of which one by --environment: ${[first, ...others].join(', ')}`);
}
