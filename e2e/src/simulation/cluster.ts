import { serviceNames, type ServiceName } from '@orchestra/contracts';
import { killActor, type Actor } from './actor.ts';
import { createProcesses, type Parts, type Process } from './processes.ts';
import { sendRequest, type HeardResponse, type SentRequest } from './send-request.ts';

/** The processes of all services as the world deals with them. */
export interface Cluster {
  start(): void;
  /** Asks a process over HTTP; null: nobody answered. */
  request(service: ServiceName, request: SentRequest): Promise<HeardResponse | null>;
  /** Stops a process as an upgrade does; its supervisor starts another one. */
  restart(service: ServiceName): void;
  /** Lets all clocks of processes go wrong by so much more. */
  jump(ms: number): void;
  /** Whether somebody stands still, or has only just gone on. */
  isStanding(): boolean;
  alive(): readonly Actor[];
}

const answerMs = 10_000;
const wakingMs = 5_000;

/** Creates the processes of the nine services, none of which runs yet. */
export function createCluster(parts: Parts): Cluster {
  const { timeline, faults, trace } = parts;
  const { actors, running, aliveOf, begin, random } = createProcesses(parts);
  const choose = (service: ServiceName): Process | null => {
    const actor = random.find(aliveOf(service));
    return actor === null ? null : (running.get(actor) ?? null);
  };
  return {
    start() {
      for (const service of serviceNames) {
        for (let count = 0; count < faults.plan.replicas; count += 1) begin(service);
      }
    },
    request(service, sent) {
      const process = choose(service);
      return process === null ? Promise.resolve(null) : ask(process, sent);
    },
    restart(service) {
      const process = choose(service);
      if (process === null) return;
      const { actor } = process;
      trace(actor.name, 'stops', '');
      const end = (): void => killActor(actor);
      void process.running.stop().then(end, end);
    },
    jump(ms) {
      for (const actor of actors) actor.skewMs += ms * random.next();
    },
    isStanding: () => actors.some((one) => one.alive && one.resumesAtMs > timeline.nowMs() - wakingMs),
    alive: () => actors.filter((one) => one.alive),
  };

  function ask({ actor, app }: Process, sent: SentRequest): Promise<HeardResponse | null> {
    return new Promise((resolve) => {
      const giveUp = timeline.after(answerMs, null, () => resolve(null));
      timeline.after(random.next() * faults.plan.latencyMs, actor, () => {
        void sendRequest(app, sent).then((heard) => {
          trace(actor.name, `${sent.method} ${sent.url}`, heard);
          timeline.after(0, actor, () => {
            timeline.cancel(giveUp);
            resolve(heard);
          });
        });
      });
    });
  }
}
