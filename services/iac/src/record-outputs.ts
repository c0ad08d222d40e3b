import type { InfrastructureSlice } from '@orchestra/contracts';
import type { RecordedOutputs } from './ports.ts';

/** What people see of the environment, with what the state says that it gives to others. */
export function withOutputs(slice: InfrastructureSlice, { values, sensitive }: RecordedOutputs): InfrastructureSlice {
  const { sensitiveOutputs: _before, ...kept } = slice;
  return { ...kept, outputs: values, ...(sensitive.length === 0 ? {} : { sensitiveOutputs: sensitive }) };
}

/** What is gone has no outputs. */
export const noOutputs: RecordedOutputs = { values: {}, sensitive: [] };
