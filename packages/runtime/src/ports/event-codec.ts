import type { Payloads, Topic } from '@orchestra/contracts';

/** Turns payloads into Confluent-framed Avro and back, with the reader schema of this version. */
export interface EventCodec {
  /**
   * @throws OrchestraError `EVENT_NOT_VALID`, not retriable, naming the field at fault
   * @throws OrchestraError `REGISTRY_UNAVAILABLE`, retriable
   */
  encode<T extends Topic>(topic: T, payload: Payloads[T]): Promise<Buffer>;
  /**
   * @throws OrchestraError `EVENT_NOT_FRAMED`, `EVENT_SCHEMA_UNKNOWN` or `EVENT_NOT_DECODABLE`, not retriable: poison
   * @throws OrchestraError `REGISTRY_UNAVAILABLE`, retriable: the partition waits
   */
  decode<T extends Topic>(topic: T, value: Buffer): Promise<Payloads[T]>;
}
