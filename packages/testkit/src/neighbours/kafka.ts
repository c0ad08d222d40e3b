import { connect } from 'node:net';
import { startContainer } from './docker.ts';
import { startByFirstWay } from './first-way.ts';
import { singleNodeSettings } from './kafka-settings.ts';
import { startLocalKafka } from './local-kafka.ts';
import type { Neighbour, NeighbourOptions } from './neighbour.ts';

/**
 * Comes by a Kafka 4.3 of one node in KRaft that makes no topics by itself. It keeps its data over `kill` and `restart`.
 *
 * @param options `settings` are those of server.properties
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` naming the three ways
 */
export function startKafka(options: NeighbourOptions = {}): Promise<Neighbour> {
  const ways = { name: 'Kafka', variable: 'KAFKA_BROKERS', docker: startKafkaContainer, local: startLocalKafka };
  return startByFirstWay(ways, options);
}

function startKafkaContainer(settings: Record<string, string>): Promise<Neighbour> {
  return startContainer({
    image: 'apache/kafka:4.3.1',
    port: 9092,
    urlOf: (host, port) => `${host}:${port}`,
    prepare: (container, host, port) =>
      container.withEnvironment(
        toEnvironment({
          ...singleNodeSettings,
          'controller.quorum.voters': '1@localhost:9093',
          listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
          'advertised.listeners': `PLAINTEXT://${host}:${port}`,
          ...settings,
        }),
      ),
    isReady: answers,
  });
}

// The image reads its settings from variables: `log.dirs` is KAFKA_LOG_DIRS.
function toEnvironment(settings: Record<string, string>): Record<string, string> {
  const entries = Object.entries(settings);
  return Object.fromEntries(
    entries.map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, value] as const),
  );
}

// An engine accepts connections before the server behind it does, and drops them: Kafka keeps a silent one open.
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.setTimeout(500, () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
