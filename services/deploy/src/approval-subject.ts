import { createHash } from 'node:crypto';
import { portIn, type Plan } from '@orchestra/contracts';

/** What an approval is for. */
export interface ApprovalSubject {
  /** Of the environment, the artifact and the configuration together: an answer names it. */
  digest: string;
  artifact: string;
  configuration: string;
}

/** Names what would be released to an environment: other bytes, or the same ones deployed in another way, have another name. */
export function approvalSubject(plan: Plan, environment: string, artifact: string): ApprovalSubject {
  const configuration = sha256(effectiveConfiguration(plan, environment));
  return { digest: sha256({ environment, artifact, configuration }), artifact, configuration };
}

// Everything that says how this environment is deployed, watched and taken back; nothing that is of another one.
function effectiveConfiguration({ deployment, observability, rollback }: Plan, environment: string): object {
  if (deployment === null) return {};
  const { environments: _order, namespaces, approvals, services, ...rest } = deployment;
  return {
    ...rest,
    namespace: namespaces?.[environment] ?? null,
    approvals: approvals?.[environment] ?? null,
    services: services.map((service) => {
      const { environmentPorts: _ports, ...own } = service;
      return { ...own, port: portIn(service, environment) };
    }),
    observability,
    rollback,
  };
}

function sha256(content: object): string {
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(sorted(content)))
    .digest('hex')}`;
}

// The order of keys says nothing.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
