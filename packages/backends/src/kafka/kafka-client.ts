import { Kafka, type LogEntry, logLevel } from 'kafkajs';
import { type BusLog, defaultKafkaSettings, type KafkaOptions, type KafkaSettings } from './settings.ts';

/** A client that has not connected yet, and the settings that hold for it. */
export interface KafkaClient {
  kafka: Kafka;
  settings: KafkaSettings;
}

/** Creates the client that producer, consumers and admin of one bus share. Connects to nothing. */
export function createKafkaClient({ brokers, clientId, ssl, sasl, log, settings: given }: KafkaOptions): KafkaClient {
  const settings = { ...defaultKafkaSettings, ...given };
  const kafka = new Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: settings.connectTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: {
      retries: settings.retries,
      initialRetryTime: settings.firstRetryMs,
      maxRetryTime: settings.longestRetryMs,
    },
    logLevel: log === undefined ? logLevel.NOTHING : logLevel.INFO,
    logCreator: () => (entry) => {
      if (log !== undefined) say(log, entry);
    },
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  });
  return { kafka, settings };
}

// The client calls every lost connection an error and every pause an information. It mends itself; what it
// cannot mend comes to us as a crash or a refused send. So its words count one level less.
function say(log: BusLog, { level, namespace, log: { message, ...data } }: LogEntry): void {
  const line = { client: 'kafkajs', namespace, said: message, ...data };
  if (level === logLevel.ERROR) log.warn(line, 'the Kafka client reports a failure');
  else if (level === logLevel.WARN) log.info(line, 'the Kafka client warns');
  else log.debug(line, 'the Kafka client says');
}
