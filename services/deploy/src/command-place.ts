import { readTargetUnit, type Received } from '@orchestra/contracts';

/** The service and the environment that an order is about; null: it names none. */
export function commandPlace({ data }: Received<'operator_command'>): { environment: string; service: string } | null {
  const { environment, service, unit } = data;
  return environment !== null && service !== null ? { environment, service } : readTargetUnit(unit ?? '');
}
