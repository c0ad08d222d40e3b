import { OrchestraError, type ServiceName } from '@orchestra/contracts';
import { parseEnv, runService, type RunningService, type RunService, type Service } from '@orchestra/runtime';
import * as build from '@orchestra/build';
import * as chatops from '@orchestra/chatops';
import * as codeAnalysis from '@orchestra/code-analysis';
import * as deploy from '@orchestra/deploy';
import * as gitops from '@orchestra/gitops';
import * as iac from '@orchestra/iac';
import * as observability from '@orchestra/observability';
import * as rollback from '@orchestra/rollback';
import * as test from '@orchestra/test';

type Environment = Readonly<Record<string, string | undefined>>;
type Surroundings = Omit<RunService<ServiceName>, 'service'>;

/** A service that is configured and can be started. */
export type Starter = (surroundings: Surroundings) => Promise<RunningService>;

/**
 * Configures all services from one environment.
 *
 * @throws OrchestraError `CONFIG_INVALID` with the problems of all services in one message
 */
export function configureServices(env: Environment): Starter[] {
  const problems: string[] = [];
  const starters = [
    configure('gitops', () => gitops.createService(gitops.createPorts(parseEnv('gitops', gitops.settings, env)))),
    configure('build', () => build.createService(build.createPorts(parseEnv('build', build.settings, env)))),
    configure('code-analysis', () =>
      codeAnalysis.createService(codeAnalysis.createPorts(parseEnv('code-analysis', codeAnalysis.settings, env))),
    ),
    configure('test', () => test.createService(test.createPorts(parseEnv('test', test.settings, env)))),
    configure('iac', () => {
      const settings = parseEnv('iac', iac.settings, env);
      return iac.createService(iac.createPorts({ ...settings, passed: iac.passedFrom(env, settings.IAC_PASS_ENV) }));
    }),
    configure('deploy', () => deploy.createService(deploy.createPorts(parseEnv('deploy', deploy.settings, env)))),
    configure('observability', () =>
      observability.createService(observability.createPorts(parseEnv('observability', observability.settings, env))),
    ),
    configure('rollback', () =>
      rollback.createService(rollback.createPorts(parseEnv('rollback', rollback.settings, env))),
    ),
    configure('chatops', () => chatops.createService(chatops.createPorts(parseEnv('chatops', chatops.settings, env)))),
  ];
  if (problems.length > 0) throw new OrchestraError('CONFIG_INVALID', problems.join('\n'));
  return starters.flatMap((starter) => starter ?? []);

  function configure<S extends ServiceName>(name: S, create: () => Service<S>): Starter | null {
    try {
      const service = create();
      return ({ log, ...rest }) => runService({ ...rest, log: log.child({ service: name }), service });
    } catch (error) {
      if (!(error instanceof OrchestraError) || error.code !== 'CONFIG_INVALID') throw error;
      problems.push(error.message);
      return null;
    }
  }
}
