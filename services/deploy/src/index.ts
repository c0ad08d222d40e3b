export { approverEnv } from './approver-groups.ts';
export { plannedRelease } from './candidate.ts';
export { settings, type Settings } from './config.ts';
export { createPorts } from './create-ports.ts';
export { createService } from './service.ts';
export { restoredApprovals } from './restored-approvals.ts';
