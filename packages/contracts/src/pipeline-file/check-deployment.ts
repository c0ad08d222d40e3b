import type { SoundSections } from './check-file.ts';
import { repeated } from './repeated.ts';
import type { KeyPath, Remark } from './remark.ts';
import { resolveProvider, serviceCommand, stepWeights, type WrittenService } from './resolve-deployment.ts';
import { resolveEnvironments } from './resolve-environments.ts';
import { suggestWord } from './suggest.ts';
import { resolveWaits } from './resolve-observability.ts';

export function checkDeployment({ deployment, pipeline }: SoundSections): Remark[] {
  if (deployment === undefined) return [];
  const isLocal = resolveProvider(deployment) === 'local';
  return [
    ...checkSteps(stepWeights(deployment.steps ?? [])),
    ...checkEnvironments(resolveEnvironments({ deployment, pipeline })),
    ...checkNames(deployment.services),
    ...(isLocal ? checkCommands(deployment.services) : []),
    ...checkPorts({ ...deployment, environments: resolveEnvironments({ deployment, pipeline }), isLocal }),
  ];
}

function checkSteps(weights: readonly number[]): Remark[] {
  return weights.flatMap((weight, index) => {
    const before = weights[index - 1];
    if (before === undefined || weight > before) return [];
    const message = `Steps must grow, but ${weight} follows ${before}`;
    return [valueRemark(['deployment', 'steps', index], message, 'Write shares of the traffic such as 10, 50, 100.')];
  });
}

function checkEnvironments(names: readonly string[]): Remark[] {
  return repeated(names).map((index) => {
    const message = `Environment \`${names[index] ?? ''}\` stands here twice`;
    return valueRemark(['deployment', 'environments', index], message, 'Keep one of the two.');
  });
}

function checkNames(services: readonly WrittenService[]): Remark[] {
  return repeated(services.map(({ name }) => name)).map((index) =>
    valueRemark(inService(index, 'name'), 'Two services have this name', 'Give each a name of its own.'),
  );
}

// An image knows its command.
function checkCommands(services: readonly WrittenService[]): Remark[] {
  return services.flatMap((service, index): Remark[] => {
    if (serviceCommand(service) !== null) return [];
    const message = `Service \`${service.name}\` does not say what starts it`;
    const suggestion = 'Write `command:`, such as `command: node server.js`.';
    return [{ path: ['deployment', 'services', index], at: 'value', message, suggestion }];
  });
}

interface PortUse {
  path: KeyPath;
  environment: string;
  port: number;
}

interface Ports {
  services: readonly WrittenService[];
  environments: readonly string[];
  isLocal: boolean;
}

function checkPorts({ services, environments, isLocal }: Ports): Remark[] {
  const uses = services.flatMap(({ port }, index): PortUse[] => {
    const path = inService(index, 'port');
    if (typeof port === 'number') return [{ path, environment: environments.at(-1) ?? '', port }];
    return Object.entries(port).map(([environment, own]) => ({ path: [...path, environment], environment, port: own }));
  });
  const unknown = uses.flatMap(({ path, environment }): Remark[] => {
    if (environments.includes(environment)) return [];
    const message = `\`${environment}\` is none of the environments ${environments.join(', ')}`;
    const meant = suggestWord(environment, environments);
    const suggestion = meant === null ? 'Write it into `environments`.' : `Did you mean \`${meant}\`?`;
    return [{ path, at: 'key', message, suggestion }];
  });
  // In a cluster each service has an address of its own.
  const twice = repeated(isLocal ? uses.map(({ port }) => port) : []).map((index) =>
    valueRemark(
      uses[index]?.path ?? [],
      'This port is taken twice',
      'Give each service a port of its own in each environment.',
    ),
  );
  return [...unknown, ...twice];
}

function inService(index: number, key: string): KeyPath {
  return ['deployment', 'services', index, key];
}

/** Durations that could never be kept together. */
export function checkTiming({ deployment, observability }: SoundSections): Remark[] {
  if (observability === undefined || !observability.enabled) return [];
  const { interval_seconds: interval, step_watch_seconds: watch } = observability;
  const { maxWaitSeconds } = resolveWaits(observability);
  const limit = deployment?.step_timeout_seconds;
  const remarks: Remark[] = [];
  if (interval > watch) {
    const message = `A step is watched for ${watch} seconds, but measured only every ${interval}`;
    remarks.push(valueRemark(['observability', 'interval_seconds'], message, 'Write a shorter `interval_seconds`.'));
  }
  if (maxWaitSeconds < watch) {
    const message = `\`max_wait_seconds\` is shorter than the watch of a step, ${watch} seconds`;
    remarks.push(
      valueRemark(['observability', 'max_wait_seconds'], message, 'Wait at least as long as a step is watched.'),
    );
  }
  if (limit !== undefined && limit <= watch) {
    const message = `A step would end after ${limit} seconds, but is watched for ${watch}`;
    const suggestion = 'Write a longer `step_timeout_seconds`, or a shorter `observability.step_watch_seconds`.';
    remarks.push(valueRemark(['deployment', 'step_timeout_seconds'], message, suggestion));
  }
  return remarks;
}

function valueRemark(path: KeyPath, message: string, suggestion: string): Remark {
  return { path, at: 'value', message, suggestion };
}
