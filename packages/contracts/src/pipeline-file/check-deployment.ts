import type { SoundSections } from './check-file.ts';
import { repeated } from './repeated.ts';
import type { KeyPath, Remark } from './remark.ts';
import { serviceCommand, stepWeights, type WrittenService } from './resolve-deployment.ts';
import { resolveWaits } from './resolve-observability.ts';

export function checkDeployment({ deployment }: SoundSections): Remark[] {
  if (deployment === undefined) return [];
  return [
    ...checkSteps(stepWeights(deployment.steps ?? [])),
    ...checkEnvironments(deployment.environments ?? []),
    ...checkServices(deployment.services),
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

function checkServices(services: readonly WrittenService[]): Remark[] {
  const names = repeated(services.map(({ name }) => name)).map((index) =>
    valueRemark(inService(index, 'name'), 'Two services have this name', 'Give each a name of its own.'),
  );
  const ports = repeated(services.map(({ port }) => port)).map((index) =>
    valueRemark(inService(index, 'port'), 'Two services have this port', 'Give each a port of its own.'),
  );
  const commands = services.flatMap((service, index): Remark[] => {
    if (serviceCommand(service) !== null) return [];
    const message = `Service \`${service.name}\` does not say what starts it`;
    const suggestion = 'Write `command:`, such as `command: node server.js`.';
    return [{ path: ['deployment', 'services', index], at: 'value', message, suggestion }];
  });
  return [...names, ...ports, ...commands];
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
